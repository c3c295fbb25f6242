/* SPDX-License-Identifier: Apache-2.0 */
/* The files that scenarios archive, and whether they came back. */
#ifndef DRIVE_TREE_H
#define DRIVE_TREE_H

/* In the order of the archive, under the folder "tree":
     a/one     5,000 octets        m/large   1,500,000
     a/two    70,000               y           400,000
     big   3,000,001               z/last      200,000
     c             3               zy        link to a/two
     empty         0               zz        link to big */
#define TREE_FILES 10u   /* links among them */
#define TREE_OBJECTS 14u /* with four folders */

/* A folder for one scenario, which becomes the current one; and away. */
void tree_set_up(void);
void tree_tear_down(void);

/* Make "tree" anew; each `generation` has other content. */
void tree_make(unsigned int generation);

enum tree_state { TREE_SAME, TREE_ABSENT, TREE_DIFFERS };

/* Does `folder`/`name` hold what the file of that name holds? */
enum tree_state tree_compare(const char *folder, const char *name,
                             unsigned int generation);

/* How many files `folder` has right; one that is wrong fails the test. */
unsigned int tree_count(const char *folder, unsigned int generation);

/* All of them, and links that are links. */
void tree_check(const char *folder, unsigned int generation);

#endif
