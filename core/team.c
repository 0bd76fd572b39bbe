#include <pthread.h>
#include <stdlib.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "team.h"

int team_size(const struct ifl_control *control)
{
    if (control != NULL && control->threads > 0)
        return control->threads;
#ifdef _OPENMP
    return omp_get_max_threads();
#else
    return 1;
#endif
}

bool team_canceled(const struct ifl_control *control)
{
    return control != NULL && control->cancel != NULL && atomic_load(control->cancel);
}

/* To start and join a thread costs some microseconds. OpenMP's threads, which wait by spinning, would take the
 * processor from each other for whole time slices as soon as anything else runs beside them. */
void team_run(size_t threads, void *(*share)(void *context), void *context)
{
    size_t helpers = threads > 1 ? threads - 1 : 0, started = 0;
    pthread_t *helper = helpers > 0 ? ifl_alloc(helpers, sizeof *helper) : NULL;
    while (helper != NULL && started < helpers && pthread_create(&helper[started], NULL, share, context) == 0)
        started++; /* with fewer it takes longer, nothing worse */
    share(context);
    for (size_t k = 0; k < started; k++)
        pthread_join(helper[k], NULL);
    free(helper);
}
