"""What PyTorch is slow at in a training step on a CPU.

Group norm with the exact GELU after it, in bf16 or float32 with channels last: PyTorch's norm in bf16 is the
slowest part of a step (its backward alone was a fifth of it). This one reads the picture once for the
moments and once for the result, and joins the GELU. And in float32 the gradient of a 3 x 3 convolution's
weights, which takes oneDNN twice as long without AVX-512. Without a compiler, on CUDA, or where float32
wants no gradient, PyTorch's own are used.
"""
import math
import os

import torch
import torch.nn.functional as F

SOURCE = r'''
#include <torch/extension.h>
#include <ATen/Parallel.h>
#include <cstring>
// bf16 or float in memory, float in between
static inline float ld(const uint16_t* p) { uint32_t u = ((uint32_t)*p) << 16; float f; memcpy(&f, &u, 4); return f; }
static inline float ld(const float* p) { return *p; }
static inline void st(uint16_t* p, float f) { uint32_t u; memcpy(&u, &f, 4); u += 0x7fff + ((u >> 16) & 1); *p = (uint16_t)(u >> 16); }
static inline void st(float* p, float f) { *p = f; }
// erf as an odd rational function on [-4, 4] (the minimax fit used by Eigen), error below 1e-6.
static inline float erf_(float x) {
  x = x < -4.f ? -4.f : (x > 4.f ? 4.f : x); float q = x * x;
  float p = -2.72614225801306e-10f; p = p * q + 2.77068142495902e-08f; p = p * q - 2.10102402082508e-06f;
  p = p * q - 5.69250639462346e-05f; p = p * q - 7.34990630326855e-04f; p = p * q - 2.95459980854025e-03f;
  p = p * q - 1.60960333262415e-02f;
  float d = -1.45660718464996e-05f; d = d * q - 2.13374055278905e-04f; d = d * q - 1.68282697438203e-03f;
  d = d * q - 7.37332916720468e-03f; d = d * q - 1.42647390514189e-02f; return x * p / d; }
// exp for x <= 0, relative error below 1e-6: a polynomial for 2^f on [0, 1).
static inline float exp_(float x) { x = x < -80.f ? -80.f : x; float y = x * 1.44269504f; float n = __builtin_floorf(y); float f = y - n;
  float p = 9.9999994e-1f + f * (6.9315308e-1f + f * (2.4015361e-1f + f * (5.5826318e-2f + f * (8.9893397e-3f + f * 1.8775767e-3f))));
  int32_t b; memcpy(&b, &p, 4); b += ((int32_t)n) << 23; memcpy(&p, &b, 4); return p; }
static inline float gelu(float z) { return .5f * z * (1.f + erf_(z * 0.70710678f)); }
static inline float dgelu(float z) { return .5f * (1.f + erf_(z * 0.70710678f)) + z * 0.39894228f * exp_(-.5f * z * z); }

// x [N, P, C] (P positions); w, b [N, C] float: the affine part may differ by sample.
template <typename T> std::vector<torch::Tensor> fwd_(torch::Tensor x, torch::Tensor w, torch::Tensor b, int64_t G, double eps, bool act) {
  int64_t N = x.size(0), P = x.size(1), C = x.size(2), D = C / G; auto y = torch::empty_like(x);
  auto mean = torch::empty({N, G}, w.options()), rstd = torch::empty({N, G}, w.options());
  const T* X = (const T*)x.data_ptr(); T* Y = (T*)y.data_ptr();
  const float *W = w.data_ptr<float>(), *B = b.data_ptr<float>(); float *M = mean.data_ptr<float>(), *R = rstd.data_ptr<float>();
  at::parallel_for(0, N, 1, [&](int64_t n0, int64_t n1) {
    std::vector<float> v1(C), v2(C), va(C), vc(C); float *s1 = v1.data(), *s2 = v2.data(), *a = va.data(), *c0 = vc.data();
    for (int64_t n = n0; n < n1; n++) {
      std::fill(v1.begin(), v1.end(), 0.f); std::fill(v2.begin(), v2.end(), 0.f);
      for (int64_t i = 0; i < P; i++) { const T* p = X + (n * P + i) * C;
        #pragma GCC ivdep
        for (int64_t c = 0; c < C; c++) { float v = ld(p + c); s1[c] += v; s2[c] += v * v; } }
      for (int64_t g = 0; g < G; g++) { double m = 0, q = 0; for (int64_t c = g * D; c < (g + 1) * D; c++) { m += s1[c]; q += s2[c]; }
        m /= (double)(P * D); q = q / (double)(P * D) - m * m; float r = 1.0 / std::sqrt(std::max(q, 0.0) + eps); M[n * G + g] = m; R[n * G + g] = r;
        for (int64_t c = g * D; c < (g + 1) * D; c++) { a[c] = W[n * C + c] * r; c0[c] = B[n * C + c] - m * r * W[n * C + c]; } }
      for (int64_t i = 0; i < P; i++) { const T* p = X + (n * P + i) * C; T* q = Y + (n * P + i) * C;
        if (act) {
          #pragma GCC ivdep
          for (int64_t c = 0; c < C; c++) st(q + c, gelu(ld(p + c) * a[c] + c0[c]));
        } else {
          #pragma GCC ivdep
          for (int64_t c = 0; c < C; c++) st(q + c, ld(p + c) * a[c] + c0[c]); } } } });
  return {y, mean, rstd}; }

template <typename T> std::vector<torch::Tensor> bwd_(torch::Tensor dy, torch::Tensor x, torch::Tensor w, torch::Tensor b, torch::Tensor mean, torch::Tensor rstd, int64_t G, bool act) {
  int64_t N = x.size(0), P = x.size(1), C = x.size(2), D = C / G; auto dx = torch::empty_like(x);
  auto dw = torch::empty({N, C}, w.options()), db = torch::empty({N, C}, w.options());
  const T *X = (const T*)x.data_ptr(), *DY = (const T*)dy.data_ptr(); T* DX = (T*)dx.data_ptr();
  const float *W = w.data_ptr<float>(), *B = b.data_ptr<float>(); float *M = mean.data_ptr<float>(), *R = rstd.data_ptr<float>(), *DW = dw.data_ptr<float>(), *DB = db.data_ptr<float>();
  at::parallel_for(0, N, 1, [&](int64_t n0, int64_t n1) {
    std::vector<float> v1(C), v2(C), vA(C), vB(C), vC(C), va(C), vc(C), vg(P * C);
    float *s1 = v1.data(), *s2 = v2.data(), *A = vA.data(), *Bc = vB.data(), *Cc = vC.data(), *a = va.data(), *c0 = vc.data(), *gz = vg.data();
    for (int64_t n = n0; n < n1; n++) {
      std::fill(v1.begin(), v1.end(), 0.f); std::fill(v2.begin(), v2.end(), 0.f);
      for (int64_t c = 0; c < C; c++) { int64_t g = c / D; a[c] = W[n * C + c] * R[n * G + g]; c0[c] = B[n * C + c] - M[n * G + g] * a[c]; }
      for (int64_t i = 0; i < P; i++) { const T *p = X + (n * P + i) * C, *d = DY + (n * P + i) * C; float* g = gz + i * C;
        if (act) {
          #pragma GCC ivdep
          for (int64_t c = 0; c < C; c++) { float v = ld(p + c), k = ld(d + c) * dgelu(v * a[c] + c0[c]); g[c] = k; s1[c] += k; s2[c] += k * v; }
        } else {
          #pragma GCC ivdep
          for (int64_t c = 0; c < C; c++) { float k = ld(d + c); g[c] = k; s1[c] += k; s2[c] += k * ld(p + c); } } }
      for (int64_t g = 0; g < G; g++) { float m = M[n * G + g], r = R[n * G + g]; double sg = 0, sgx = 0;
        for (int64_t c = g * D; c < (g + 1) * D; c++) { float xh = (s2[c] - m * s1[c]) * r; DW[n * C + c] = xh; DB[n * C + c] = s1[c]; sg += W[n * C + c] * s1[c]; sgx += W[n * C + c] * xh; }
        float k1 = sg / (P * D), k2 = sgx / (P * D);
        for (int64_t c = g * D; c < (g + 1) * D; c++) { A[c] = W[n * C + c] * r; Bc[c] = -r * r * k2; Cc[c] = -r * k1 + r * r * k2 * m; } }
      for (int64_t i = 0; i < P; i++) { const T* p = X + (n * P + i) * C; const float* g = gz + i * C; T* q = DX + (n * P + i) * C;
        #pragma GCC ivdep
        for (int64_t c = 0; c < C; c++) st(q + c, g[c] * A[c] + ld(p + c) * Bc[c] + Cc[c]); } } });
  return {dx, dw, db}; }

// The gradient of a 3 x 3 convolution's weights: x [N, H, W, I], dy [N, H, W, O] float to [O, I, 3, 3]. I is a multiple of 16, O of 2.
typedef float v8 __attribute__((vector_size(32), aligned(4)));
template <int B> static inline void tile(const float* x, const float* d, float* r, int64_t rows, int64_t cols, int64_t I, int64_t O, int64_t W) {
  v8 s[B][2] = {};
  for (int64_t y = 0; y < rows; y++) { const float *p = x + y * W * I, *q = d + y * W * O;
    for (int64_t k = 0; k < cols; k++, p += I, q += O) { v8 a = *(const v8*)p, b = *(const v8*)(p + 8);
      for (int o = 0; o < B; o++) { s[o][0] += a * q[o]; s[o][1] += b * q[o]; } } }
  for (int o = 0; o < B; o++) { *(v8*)(r + o * I) += s[o][0]; *(v8*)(r + o * I + 8) += s[o][1]; } }
torch::Tensor taps(torch::Tensor x, torch::Tensor dy) {
  int64_t N = x.size(0), H = x.size(1), W = x.size(2), I = x.size(3), O = dy.size(3), rows = std::clamp<int64_t>((1 << 16) / (W * (I + O) * 4), 1, H);
  auto dw = torch::zeros({9, O, I}, x.options()); const float *X = x.data_ptr<float>(), *D = dy.data_ptr<float>(); float* R = dw.data_ptr<float>();
  at::parallel_for(0, 9, 1, [&](int64_t t0, int64_t t1) {
    for (int64_t n = 0; n < N; n++) for (int64_t y = 0; y < H; y += rows) for (int64_t t = t0; t < t1; t++) {
      int64_t v = t / 3 - 1, u = t % 3 - 1, a = std::max(y, -v), b = std::min({y + rows, H, H - v}) - a, c = std::max<int64_t>(0, -u), e = std::min(W, W - u) - c;
      const float *x0 = X + ((n * H + a + v) * W + c + u) * I, *d0 = D + ((n * H + a) * W + c) * O; float* r = R + t * O * I;
      for (int64_t o = 0; o < O; ) { int64_t k = O - o >= 6 ? 6 : O - o >= 4 ? 4 : 2;
        for (int64_t i = 0; i < I; i += 16) (k == 6 ? tile<6> : k == 4 ? tile<4> : tile<2>)(x0 + i, d0 + o, r + o * I + i, b, e, I, O, W);
        o += k; } } });
  return dw.view({3, 3, O, I}).permute({2, 3, 0, 1}); }

std::vector<torch::Tensor> fwd(torch::Tensor x, torch::Tensor w, torch::Tensor b, int64_t G, double eps, bool act) {
  return x.scalar_type() == at::kFloat ? fwd_<float>(x, w, b, G, eps, act) : fwd_<uint16_t>(x, w, b, G, eps, act); }
std::vector<torch::Tensor> bwd(torch::Tensor dy, torch::Tensor x, torch::Tensor w, torch::Tensor b, torch::Tensor mean, torch::Tensor rstd, int64_t G, bool act) {
  return x.scalar_type() == at::kFloat ? bwd_<float>(dy, x, w, b, mean, rstd, G, act) : bwd_<uint16_t>(dy, x, w, b, mean, rstd, G, act); }
'''

_extension = None


def extension():
    """The compiled kernels, or None where they cannot be built."""
    global _extension
    if _extension is None:
        try:
            if os.environ.get('CAMPANILE_NO_KERNELS'):
                raise RuntimeError('switched off')
            from torch.utils.cpp_extension import load_inline
            _extension = load_inline('campanile_kernels', SOURCE, functions=['fwd', 'bwd', 'taps'],
                                     extra_cflags=['-O3', '-march=native', '-ffast-math'])
        except Exception as error:  # no compiler: slower, but the same numbers
            print('own kernels not built, using PyTorch\'s:', str(error).splitlines()[0])
            _extension = False
    return _extension or None


class _NormAct(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, b, groups, eps, act):
        y, mean, rstd = extension().fwd(x, w, b, groups, eps, act)
        ctx.save_for_backward(x, w, b, mean, rstd)
        ctx.groups, ctx.act = groups, act
        return y

    @staticmethod
    def backward(ctx, dy):
        x, w, b, mean, rstd = ctx.saved_tensors
        dx, dw, db = extension().bwd(dy.to(x.dtype).contiguous(), x, w, b, mean, rstd, ctx.groups, ctx.act)
        return dx, dw, db, None, None, None


class _Convolution(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w)
        return F.conv2d(x, w, b, padding=1)

    @staticmethod
    def backward(ctx, dy):
        x, w = ctx.saved_tensors
        last = [v.permute(0, 2, 3, 1).contiguous() for v in (x, dy)]
        dx = torch.ops.aten.convolution_backward(dy, x, w, None, [1, 1], [1, 1], [1, 1], False, [0, 0], 1, [True, False, False])[0] if ctx.needs_input_grad[0] else None
        return dx, extension().taps(*last), dy.sum((0, 2, 3))


def convolution(x, conv):
    """conv(x), 3 x 3 with padding 1; in float32 its weights' gradient is ours, which takes half of the time of PyTorch's."""
    if own(x) and x.dtype is torch.float32 and not torch.is_autocast_enabled('cpu') and conv.in_channels % 16 == 0 and conv.out_channels % 2 == 0:
        return _Convolution.apply(x, conv.weight, conv.bias)
    return conv(x)


def own(x):
    """Whether our kernels take x: where a network is trained on a CPU."""
    return x.device.type == 'cpu' and (torch.is_autocast_enabled('cpu') or torch.is_grad_enabled()) and extension()


def normalised(x, norm, act, scale=None, shift=None):
    """x [N, P, C], of autocast's type if there is one."""
    x = (x.to(torch.get_autocast_dtype('cpu')) if torch.is_autocast_enabled('cpu') else x).contiguous()
    n, _, c = x.shape
    with torch.autocast('cpu', enabled=False):
        w, b = norm.weight.float().expand(n, c), norm.bias.float().expand(n, c)
        if scale is not None:
            k = 1 + scale.float()
            w, b = w * k, b * k + shift.float()
        return _NormAct.apply(x, w.contiguous(), b.contiguous(), norm.num_groups, norm.eps, act)


def norm_act(x, norm, scale=None, shift=None, act=True):
    """gelu(norm(x)·(1 + scale) + shift) for x [N, C, H, W]; scale and shift [N, C] or absent."""
    if own(x):
        n, c, h, w = x.shape
        return normalised(x.permute(0, 2, 3, 1).reshape(n, h * w, c), norm, act, scale, shift).view(n, h, w, c).permute(0, 3, 1, 2)
    y = F.group_norm(x, norm.num_groups, norm.weight, norm.bias, norm.eps)
    if scale is not None:
        y = y * (1 + scale[:, :, None, None]) + shift[:, :, None, None]
    return F.gelu(y) if act else y


def norm_tokens(x, norm):
    """Group norm of tokens [N, P, C] over channels and tokens, as attention wants it."""
    if own(x):
        return normalised(x, norm, False)
    return F.group_norm(x.transpose(1, 2), norm.num_groups, norm.weight, norm.bias, norm.eps).transpose(1, 2)
