/* Loses memory on purpose: shows that leaks are seen under the suppressions of the MPI stack. */
#include <mpi.h>
#include <stdlib.h>
#include <string.h>

static char *lose(size_t n)
{
    char *lost = malloc(n);
    return lost ? memset(lost, 1, n) : lost;
}

int main(void)
{
    if (MPI_Init(NULL, NULL) != MPI_SUCCESS)
        return 2;
    int good = lose(1000) != NULL;
    MPI_Finalize();
    return !good;
}
