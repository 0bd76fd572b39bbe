/* Whether anything was committed through another connection. */
#include <string.h>

#include "fixture.h"

TestSuite(version, .init = folder_make, .fini = folder_remove);

static int64_t version_of(struct store *store)
{
    int64_t version = -1;
    assert_ok(store_version(store, &version, &error));
    return version;
}

Test(version, changes_with_what_another_connection_commits_and_not_with_our_own)
{
    struct store *store = open_store(STORE_CREATE), *other = open_store(STORE_WRITE);
    struct run run = make_run("one");
    int64_t id, ours = version_of(store), theirs = version_of(other);
    cr_assert_eq(version_of(store), ours);
    assert_ok(store_add_run(other, &run, &id, &error));
    cr_assert_neq(version_of(store), ours);
    cr_assert_eq(version_of(other), theirs);
    ours = version_of(store);
    assert_ok(store_delete_run(store, id, &error));
    cr_assert_eq(version_of(store), ours);
    cr_assert_neq(version_of(other), theirs);
    run_release(&run);
    store_close(other);
    store_close(store);
}
