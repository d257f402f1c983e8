/* The number type of the simulated state, and the names of kernels built for several instruction
 * sets. */
#ifndef SNW_CORE_REAL_H
#define SNW_CORE_REAL_H

#ifdef SNW_REAL_DOUBLE
typedef double snw_real;
#define SNW_REAL_NAME "double"
#else
typedef float snw_real;
#define SNW_REAL_NAME "float"
#endif

/* A literal or expression of the state's type. */
#define SNW_R(x) ((snw_real)(x))

/* Kernel objects are built once per instruction set; the build sets the suffix (_v4, _v3, _plain).
 */
#ifndef SNW_ISA_SUFFIX
#define SNW_ISA_SUFFIX _plain
#endif
#define SNW_PASTE2(a, b) a##b
#define SNW_PASTE(a, b) SNW_PASTE2(a, b)
#define SNW_KERNEL(name) SNW_PASTE(name, SNW_ISA_SUFFIX)

#endif
