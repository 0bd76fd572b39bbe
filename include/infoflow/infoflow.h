/* libinfoflow: matrix-based Renyi entropies of a network's layers.
 *
 * Data flow one way: distances (snapshot.h) -> spectra (spectrum.h) -> entropies (entropy.h) -> quantities
 * (quantity.h). No globals; every function may be called from any thread on its own data.
 *
 * One thing outlives a call: the first large matrix sets OpenBLAS to one thread, once, for the whole process. The library
 * is parallel over matrices, and OpenBLAS can be told for the process only. A host that wants more for its own calls says
 * openblas_set_num_threads() after that; the library is then right, but slower. */
#ifndef INFOFLOW_H
#define INFOFLOW_H

#include "infoflow/entropy.h"
#include "infoflow/params.h"
#include "infoflow/quantity.h"
#include "infoflow/snapshot.h"
#include "infoflow/spectrum.h"
#include "infoflow/status.h"
#include "infoflow/summary.h"
#include "infoflow/trust.h"

#define IFL_VERSION "0.1.0"

#endif
