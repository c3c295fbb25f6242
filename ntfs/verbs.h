/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs of reel-ntfs. Names of this program begin with rn_. */
#ifndef RN_VERBS_H
#define RN_VERBS_H

/* Codes to exit with. */
enum rn_exit {
    RN_EXIT_WELL   = 0,
    RN_EXIT_FAILED = 1, /* DONE, or standard error, says why */
    RN_EXIT_USAGE  = 64
};

/* Each gets the verb as argv[0] and gives an enum rn_exit. */
int rn_read_verb(int argc, char **argv);
int rn_write_verb(int argc, char **argv);

#endif
