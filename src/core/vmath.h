/* Branch-free exp, log and logistic, the same bits on every CPU.

   Every operation is one of IEEE 754's exact ones in a fixed order, so that plain, AVX2 and AVX-512
   code agree. Multiplications and additions are fused where the source says so and nowhere else
   (the build sets -ffp-contract=off); a CPU without that instruction works it out. Each function
   exists in float (_f32) and double (_f64); the name without suffix is that of snw_real.
   Source of the approximations: the Cephes library (Moshier, 1989), Cody-Waite reduction. */
#ifndef SNW_CORE_VMATH_H
#define SNW_CORE_VMATH_H

#include <stdint.h>
#include <string.h>

#include "core/real.h"

static inline float snw_bits_to_f32(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline uint32_t snw_f32_to_bits(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double snw_bits_to_f64(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline uint64_t snw_f64_to_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

#ifdef SNW_REAL_DOUBLE
typedef uint64_t snw_real_bits;
#define snw_bits_of snw_f64_to_bits
#define snw_real_of snw_bits_to_f64
#else
typedef uint32_t snw_real_bits;
#define snw_bits_of snw_f32_to_bits
#define snw_real_of snw_bits_to_f32
#endif

/* a where the flag is 1, b where it is 0: of bits, as gcc makes many paths through a loop of
   choices between numbers, one for each that is a constant. */
static inline snw_real snw_choose(int flag, snw_real a, snw_real b)
{
    snw_real_bits mask = (snw_real_bits)0 - (snw_real_bits)flag;
    return snw_real_of((snw_bits_of(a) & mask) | (snw_bits_of(b) & ~mask));
}

/* Larger and smaller of two; the bound comes first, so that a NaN in x survives. */
static inline snw_real snw_max(snw_real bound, snw_real x)
{
    return snw_choose(x < bound, bound, x);
}

static inline snw_real snw_min(snw_real bound, snw_real x)
{
    return snw_choose(x > bound, bound, x);
}

static inline snw_real snw_clip(snw_real low, snw_real high, snw_real x)
{
    return snw_min(high, snw_max(low, x));
}

/* a b + c, rounded once. Without the instruction: the product is exact in double precision; the sum
   may be rounded to the middle between two floats and would then be rounded again, the wrong way,
   so it is moved off that middle to the side of the exact sum. Not for results below 2^-126. */
static inline float snw_fma_f32(float a, float b, float c)
{
#ifdef __FP_FAST_FMAF
    return __builtin_fmaf(a, b, c);
#else
    double p = (double)a * (double)b, q = (double)c, s = p + q, t = s - p;
    double lost = (p - (s - t)) + (q - t); /* s + lost is exact */
    uint64_t bits = snw_f64_to_bits(s), rest = snw_f64_to_bits(lost);
    /* 1 or 0 without comparisons, which SSE2 lacks in 64 bits */
    uint64_t middle = (((bits & 0x1fffffffu) ^ 0x10000000u) - 1) >> 63;
    uint64_t inexact = (rest << 1 | (0 - (rest << 1))) >> 63, inwards = (rest ^ bits) >> 63;
    uint64_t off = middle & inexact;
    return (float)snw_bits_to_f64(bits + off - 2 * (off & inwards));
#endif
}

/* e^x. Relative error below 2e-7 (float), 3e-16 (double) for x within +-87 (+-700). Below that
   there come ever smaller numbers or 0 (double: e^-700); above it some number larger than e^87
   (double: e^700). For x within +-2e6 (float). */
static inline float snw_exp_f32(float x)
{
    float shifted = snw_fma_f32(x, 1.44269504088896341f, 12582912.0f); /* 1.5 2^23: to an integer */
    float n = shifted - 12582912.0f;
    float r = snw_fma_f32(n, -0.693359375f, x);
    r = snw_fma_f32(n, 2.12194440e-4f, r);
    /* 1 + r + r^2 (c0 + c1 r + .. + c5 r^5), in strands that go side by side */
    float rr = r * r;
    float low = snw_fma_f32(1.6666665459e-1f, r, 5.0000001201e-1f);
    float middle = snw_fma_f32(8.3334519073e-3f, r, 4.1665795894e-2f);
    float high = snw_fma_f32(1.9875691500e-4f, r, 1.3981999507e-3f);
    float y = snw_fma_f32(snw_fma_f32(snw_fma_f32(high, rr, middle), rr, low), rr, r) + 1.0f;
    int32_t exponent = (int32_t)(snw_f32_to_bits(shifted) - (0x4b400000u - 127));
    exponent = exponent > 0 ? exponent : 0;
    exponent = exponent < 254 ? exponent : 254;
    return y * snw_bits_to_f32((uint32_t)exponent << 23);
}

static inline double snw_exp_f64(double x)
{
    x = x < -700.0 ? -700.0 : x;
    x = x > 700.0 ? 700.0 : x;
    double shifted = x * 1.4426950408889634074 + 6755399441055744.0; /* 1.5 2^52 */
    double n = shifted - 6755399441055744.0;
    double r = x - n * 6.93145751953125e-1;
    r = r - n * 1.42860682030941723212e-6;
    double rr = r * r;
    double p = 1.26177193074810590878e-4;
    p = p * rr + 3.02994407707441961300e-2;
    p = p * rr + 9.99999999999999999910e-1;
    p = p * r;
    double q = 3.00198505138664455042e-6;
    q = q * rr + 2.52448340349684104192e-3;
    q = q * rr + 2.27265548208155028766e-1;
    q = q * rr + 2.0;
    double y = 1.0 + 2.0 * (p / (q - p));
    return y * snw_bits_to_f64((snw_f64_to_bits(shifted) << 52) + 0x3ff0000000000000u);
}

/* ln x for normal x > 0; relative error below 2e-7 (float), 3e-16 (double). x <= 0 gives the
   logarithm of the smallest normal number. A NaN is read as a number here: for arguments that
   cannot be one. */
static inline float snw_log_number_f32(float x)
{
    int32_t number = (int32_t)snw_f32_to_bits(x); /* in the order of the numbers they stand for */
    uint32_t bits = (uint32_t)(number > 0x00800000 ? number : 0x00800000);
    /* m in [sqrt(1/2), sqrt(2)): subtract the bits of sqrt(1/2) before taking the exponent */
    uint32_t shifted = bits - 0x3f3504f3u;
    int32_t e = (int32_t)shifted >> 23;
    float m = snw_bits_to_f32((shifted & 0x007fffffu) + 0x3f3504f3u);
    float f = m - 1.0f;
    float z = f * f;
    /* f^3 (c0 + c1 f + .. + c8 f^8), in strands that go side by side */
    float a = snw_fma_f32(-2.4999993993e-1f, f, 3.3333331174e-1f);
    float b = snw_fma_f32(-1.6668057665e-1f, f, 2.0000714765e-1f);
    float c = snw_fma_f32(-1.2420140846e-1f, f, 1.4249322787e-1f);
    float d = snw_fma_f32(-1.1514610310e-1f, f, 1.1676998740e-1f);
    d = snw_fma_f32(7.0376836292e-2f, z, d);
    float zz = z * z;
    float y = snw_fma_f32(snw_fma_f32(d, z, c), zz, snw_fma_f32(b, z, a)) * (f * z);
    float fe = (float)e;
    y = snw_fma_f32(fe, -2.12194440e-4f, y);
    y = snw_fma_f32(-0.5f, z, y);
    return snw_fma_f32(fe, 0.693359375f, f + y);
}

static inline double snw_log_number_f64(double x)
{
    x = x < 2.2250738585072014e-308 ? 2.2250738585072014e-308 : x;
    uint64_t bits = snw_f64_to_bits(x);
    uint64_t shifted = bits - 0x3fe6a09e667f3bcdu;
    int64_t e = (int64_t)shifted >> 52;
    double m = snw_bits_to_f64((shifted & 0x000fffffffffffffu) + 0x3fe6a09e667f3bcdu);
    double f = m - 1.0;
    double z = f * f;
    double p = 1.01875663804580931796e-4;
    p = p * f + 4.97494994976747001425e-1;
    p = p * f + 4.70579119878881725854;
    p = p * f + 1.44989225341610930846e1;
    p = p * f + 1.79368678507819816313e1;
    p = p * f + 7.70838733755885391666;
    double q = f + 1.12873587189167450590e1;
    q = q * f + 4.52279145837532221105e1;
    q = q * f + 8.29875266912776603211e1;
    q = q * f + 7.11544750618563894466e1;
    q = q * f + 2.31251620126765340583e1;
    double y = f * (z * p / q);
    double fe = (double)(int32_t)e;
    y = y - fe * 2.121944400546905827679e-4;
    y = y - 0.5 * z;
    return (f + y) + fe * 0.693359375;
}

/* The same, and a NaN stays one: its bits hold no exponent to take. */
static inline float snw_log_f32(float x)
{
    float ln = snw_log_number_f32(x);
    return x == x ? ln : x;
}

static inline double snw_log_f64(double x)
{
    double ln = snw_log_number_f64(x);
    return x == x ? ln : x;
}

static inline float snw_sqrt_f32(float x)
{
    return __builtin_sqrtf(x);
}

static inline double snw_sqrt_f64(double x)
{
    return __builtin_sqrt(x);
}

#ifdef SNW_REAL_DOUBLE
#define snw_fma(a, b, c) ((a) * (b) + (c))
#define snw_exp snw_exp_f64
#define snw_log snw_log_f64
#define snw_log_number snw_log_number_f64
#define snw_sqrt snw_sqrt_f64
#else
#define snw_fma snw_fma_f32
#define snw_exp snw_exp_f32
#define snw_log snw_log_f32
#define snw_log_number snw_log_number_f32
#define snw_sqrt snw_sqrt_f32
#endif

/* 1 / (1 + e^-x). */
static inline snw_real snw_logistic(snw_real x)
{
    return SNW_R(1) / (SNW_R(1) + snw_exp(-x));
}

/* A uniform number inside (0, 1) from 32 random bits, exact in the type: 23 bits in float. */
static inline snw_real snw_uniform(uint32_t word)
{
#ifdef SNW_REAL_DOUBLE
    return ((double)word + 0.5) * 0x1p-32;
#else
    return ((float)(int32_t)(word >> 9) + 0.5f) * 0x1p-23f;
#endif
}

#endif
