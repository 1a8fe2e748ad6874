// A stand-in for libmpi_abi.so.1: the handles and constants of the standard
// binary interface (MPI 5.0, chapter 20 and appendix A) on top of MPICH 4, for
// machines whose MPI has none. Only what train/mpi calls is here.
#include <mpi.h>
#include <stdint.h>

#define ABI(name) __asm__("MPI_" #name)

static MPI_Comm comm(intptr_t c) { return c == 0x101 ? MPI_COMM_WORLD : MPI_COMM_NULL; }
static MPI_Datatype type(intptr_t t) { return t == 0x247 ? MPI_BYTE : MPI_DATATYPE_NULL; }

// MPI_THREAD_SINGLE .. MULTIPLE are 0, 1024, 2048, 4096.
static int level(int l) { return l >= 4096 ? MPI_THREAD_MULTIPLE : l >= 2048 ? MPI_THREAD_SERIALIZED : l >= 1024 ? MPI_THREAD_FUNNELED : MPI_THREAD_SINGLE; }

int abi_init(int *argc, char ***argv, int want, int *got) ABI(Init_thread);
int abi_init(int *argc, char ***argv, int want, int *got) {
	int has, failed = PMPI_Init_thread(argc, argv, level(want), &has);
	*got = has == MPI_THREAD_MULTIPLE ? 4096 : has == MPI_THREAD_SERIALIZED ? 2048 : has == MPI_THREAD_FUNNELED ? 1024 : 0;
	return failed;
}

int abi_finalize(void) ABI(Finalize);
int abi_finalize(void) { return PMPI_Finalize(); }

int abi_abort(intptr_t c, int code) ABI(Abort);
int abi_abort(intptr_t c, int code) { return PMPI_Abort(comm(c), code); }

int abi_rank(intptr_t c, int *rank) ABI(Comm_rank);
int abi_rank(intptr_t c, int *rank) { return PMPI_Comm_rank(comm(c), rank); }

int abi_size(intptr_t c, int *size) ABI(Comm_size);
int abi_size(intptr_t c, int *size) { return PMPI_Comm_size(comm(c), size); }

int abi_handler(intptr_t c, intptr_t handler) ABI(Comm_set_errhandler);
int abi_handler(intptr_t c, intptr_t handler) {
	return handler == 0x143 ? PMPI_Comm_set_errhandler(comm(c), MPI_ERRORS_RETURN) : MPI_ERR_ARG;
}

int abi_isend(void *data, int n, intptr_t t, int to, int tag, intptr_t c, void *request) ABI(Isend);
int abi_isend(void *data, int n, intptr_t t, int to, int tag, intptr_t c, void *request) {
	return PMPI_Isend(data, n, type(t), to, tag, comm(c), request);
}

int abi_irecv(void *data, int n, intptr_t t, int from, int tag, intptr_t c, void *request) ABI(Irecv);
int abi_irecv(void *data, int n, intptr_t t, int from, int tag, intptr_t c, void *request) {
	return PMPI_Irecv(data, n, type(t), from, tag, comm(c), request);
}

int abi_test(void *request, int *done, void *status) ABI(Test);
int abi_test(void *request, int *done, void *status) { return PMPI_Test(request, done, status ? status : MPI_STATUS_IGNORE); }

int abi_error(int code, char *text, int *n) ABI(Error_string);
int abi_error(int code, char *text, int *n) { return PMPI_Error_string(code, text, n); }

int abi_version(char *text, int *n) ABI(Get_library_version);
int abi_version(char *text, int *n) { return PMPI_Get_library_version(text, n); }
