/* SPDX-License-Identifier: Apache-2.0 */
/* Spec 3.3; verify: what a run goes back to. */
#include "run_point.h"

#include <string.h>

static enum reel_status
no_memory(struct reel_err *err)
{
    return reel_fail(err, REEL_E_MEMORY, NULL, NULL,
                     "no memory to keep the state of a checkpoint");
}

void
reel_run_point_fini(struct reel_run_point *p)
{
    reel_catalog_free(p->catalog);
    reel_links_check_fini(&p->links);
    memset(p, 0, sizeof(*p));
}

enum reel_status
reel_run_point_keep(struct reel_run_point *p,
                    const struct reel_catalog_check *k,
                    const struct reel_links_check *links, struct reel_err *err)
{
    const struct reel_verify_result *const r = k->diag->result;

    reel_run_point_fini(p);
    REEL_TRY(reel_links_check_copy(&p->links, links, err));
    p->catalog = reel_catalog_copy(k->made.catalog);
    if (p->catalog == NULL)
        return no_memory(err);
    p->held              = true;
    p->map               = k->made.map;
    p->missing_count     = k->missing.count;
    p->missing_at        = k->missing.at;
    p->named_next        = k->named_next;
    p->checkpoint        = k->checkpoint;
    p->checkpoint_slice  = k->checkpoint_slice;
    p->checkpoint_unsure = k->checkpoint_unsure;
    p->proven            = r->proven;
    p->flawed            = r->flawed;
    p->damaged           = r->damaged;
    p->lost              = r->lost;
    return REEL_OK;
}

enum reel_status
reel_run_point_restore(const struct reel_run_point *p,
                       struct reel_catalog_check *k,
                       struct reel_links_check *links, struct reel_err *err)
{
    struct reel_verify_result *const r = k->diag->result;
    struct reel_catalog *const catalog = reel_catalog_copy(p->catalog);
    struct reel_links_check copy;

    if (catalog == NULL)
        return no_memory(err);
    if (reel_links_check_copy(&copy, &p->links, err) != REEL_OK) {
        reel_catalog_free(catalog);
        return REEL_E_MEMORY;
    }
    reel_links_check_fini(links);
    *links = copy;
    reel_catalog_free(k->made.catalog);
    k->made.catalog      = catalog;
    k->made.map          = p->map;
    k->missing.count     = p->missing_count;
    k->missing.at        = p->missing_at;
    k->named_next        = p->named_next;
    k->checkpoint        = p->checkpoint;
    k->checkpoint_slice  = p->checkpoint_slice;
    k->checkpoint_unsure = p->checkpoint_unsure;
    r->proven            = p->proven;
    r->flawed            = p->flawed;
    r->damaged           = p->damaged;
    r->lost              = p->lost;
    return REEL_OK;
}
