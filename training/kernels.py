"""Group norm, optional exact GELU after it, in one pass over channels-last bf16.

PyTorch's bf16 group norm is the slowest part of a training step on a CPU (its backward alone was
a fifth of it). This one reads the picture once for the moments and once for the result, and joins
the GELU that follows. Without a compiler, on CUDA, or outside autocast, PyTorch's own is used.
"""
import math
import os

import torch
import torch.nn.functional as F

SOURCE = r'''
#include <torch/extension.h>
#include <ATen/Parallel.h>
#include <cstring>
static inline float ld(const uint16_t* p) { uint32_t u = ((uint32_t)*p) << 16; float f; memcpy(&f, &u, 4); return f; }
static inline uint16_t st(float f) { uint32_t u; memcpy(&u, &f, 4); u += 0x7fff + ((u >> 16) & 1); return (uint16_t)(u >> 16); }
// erf as an odd rational function on [-4, 4] (the minimax fit used by Eigen), error below 1e-6.
static inline float erf_(float x) {
  x = x < -4.f ? -4.f : (x > 4.f ? 4.f : x); float q = x * x;
  float p = -2.72614225801306e-10f; p = p * q + 2.77068142495902e-08f; p = p * q - 2.10102402082508e-06f;
  p = p * q - 5.69250639462346e-05f; p = p * q - 7.34990630326855e-04f; p = p * q - 2.95459980854025e-03f;
  p = p * q - 1.60960333262415e-02f;
  float d = -1.45660718464996e-05f; d = d * q - 2.13374055278905e-04f; d = d * q - 1.68282697438203e-03f;
  d = d * q - 7.37332916720468e-03f; d = d * q - 1.42647390514189e-02f; return x * p / d; }
// exp for x <= 0, relative error below 1e-4: enough under bf16.
static inline float exp_(float x) { x = x < -80.f ? -80.f : x; float y = x * 1.44269504f; float n = __builtin_floorf(y); float f = y - n;
  float p = 1.f + f * (0.69314718f + f * (0.24022651f + f * (0.05550411f + f * 0.00961813f)));
  int32_t b; memcpy(&b, &p, 4); b += ((int32_t)n) << 23; memcpy(&p, &b, 4); return p; }
static inline float gelu(float z) { return .5f * z * (1.f + erf_(z * 0.70710678f)); }
static inline float dgelu(float z) { return .5f * (1.f + erf_(z * 0.70710678f)) + z * 0.39894228f * exp_(-.5f * z * z); }

// x [N, P, C] bf16 (P positions); w, b [N, C] float: the affine part may differ by sample.
std::vector<torch::Tensor> fwd(torch::Tensor x, torch::Tensor w, torch::Tensor b, int64_t G, double eps, bool act) {
  int64_t N = x.size(0), P = x.size(1), C = x.size(2), D = C / G; auto y = torch::empty_like(x);
  auto mean = torch::empty({N, G}, w.options()), rstd = torch::empty({N, G}, w.options());
  const uint16_t* X = (const uint16_t*)x.data_ptr(); uint16_t* Y = (uint16_t*)y.data_ptr();
  const float *W = w.data_ptr<float>(), *B = b.data_ptr<float>(); float *M = mean.data_ptr<float>(), *R = rstd.data_ptr<float>();
  at::parallel_for(0, N, 1, [&](int64_t n0, int64_t n1) {
    std::vector<float> v1(C), v2(C), va(C), vc(C); float *s1 = v1.data(), *s2 = v2.data(), *a = va.data(), *c0 = vc.data();
    for (int64_t n = n0; n < n1; n++) {
      std::fill(v1.begin(), v1.end(), 0.f); std::fill(v2.begin(), v2.end(), 0.f);
      for (int64_t i = 0; i < P; i++) { const uint16_t* p = X + (n * P + i) * C;
        #pragma GCC ivdep
        for (int64_t c = 0; c < C; c++) { float v = ld(p + c); s1[c] += v; s2[c] += v * v; } }
      for (int64_t g = 0; g < G; g++) { double m = 0, q = 0; for (int64_t c = g * D; c < (g + 1) * D; c++) { m += s1[c]; q += s2[c]; }
        m /= (double)(P * D); q = q / (double)(P * D) - m * m; float r = 1.0 / std::sqrt(std::max(q, 0.0) + eps); M[n * G + g] = m; R[n * G + g] = r;
        for (int64_t c = g * D; c < (g + 1) * D; c++) { a[c] = W[n * C + c] * r; c0[c] = B[n * C + c] - m * r * W[n * C + c]; } }
      for (int64_t i = 0; i < P; i++) { const uint16_t* p = X + (n * P + i) * C; uint16_t* q = Y + (n * P + i) * C;
        if (act) {
          #pragma GCC ivdep
          for (int64_t c = 0; c < C; c++) q[c] = st(gelu(ld(p + c) * a[c] + c0[c]));
        } else {
          #pragma GCC ivdep
          for (int64_t c = 0; c < C; c++) q[c] = st(ld(p + c) * a[c] + c0[c]); } } } });
  return {y, mean, rstd}; }

std::vector<torch::Tensor> bwd(torch::Tensor dy, torch::Tensor x, torch::Tensor w, torch::Tensor b, torch::Tensor mean, torch::Tensor rstd, int64_t G, bool act) {
  int64_t N = x.size(0), P = x.size(1), C = x.size(2), D = C / G; auto dx = torch::empty_like(x);
  auto dw = torch::empty({N, C}, w.options()), db = torch::empty({N, C}, w.options());
  const uint16_t *X = (const uint16_t*)x.data_ptr(), *DY = (const uint16_t*)dy.data_ptr(); uint16_t* DX = (uint16_t*)dx.data_ptr();
  const float *W = w.data_ptr<float>(), *B = b.data_ptr<float>(); float *M = mean.data_ptr<float>(), *R = rstd.data_ptr<float>(), *DW = dw.data_ptr<float>(), *DB = db.data_ptr<float>();
  at::parallel_for(0, N, 1, [&](int64_t n0, int64_t n1) {
    std::vector<float> v1(C), v2(C), vA(C), vB(C), vC(C), va(C), vc(C), vg(P * C);
    float *s1 = v1.data(), *s2 = v2.data(), *A = vA.data(), *Bc = vB.data(), *Cc = vC.data(), *a = va.data(), *c0 = vc.data(), *gz = vg.data();
    for (int64_t n = n0; n < n1; n++) {
      std::fill(v1.begin(), v1.end(), 0.f); std::fill(v2.begin(), v2.end(), 0.f);
      for (int64_t c = 0; c < C; c++) { int64_t g = c / D; a[c] = W[n * C + c] * R[n * G + g]; c0[c] = B[n * C + c] - M[n * G + g] * a[c]; }
      for (int64_t i = 0; i < P; i++) { const uint16_t *p = X + (n * P + i) * C, *d = DY + (n * P + i) * C; float* g = gz + i * C;
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
      for (int64_t i = 0; i < P; i++) { const uint16_t* p = X + (n * P + i) * C; const float* g = gz + i * C; uint16_t* q = DX + (n * P + i) * C;
        #pragma GCC ivdep
        for (int64_t c = 0; c < C; c++) q[c] = st(g[c] * A[c] + ld(p + c) * Bc[c] + Cc[c]); } } });
  return {dx, dw, db}; }
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
            _extension = load_inline('campanile_norm', SOURCE, functions=['fwd', 'bwd'],
                                     extra_cflags=['-O3', '-march=native', '-ffast-math'])
        except Exception as error:  # no compiler: slower, but the same numbers
            print('own group norm not built, using PyTorch\'s:', str(error).splitlines()[0])
            _extension = False
    return _extension or None


class _NormAct(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, b, groups, eps, act):
        x = x.to(torch.bfloat16).contiguous()
        y, mean, rstd = extension().fwd(x, w, b, groups, eps, act)
        ctx.save_for_backward(x, w, b, mean, rstd)
        ctx.groups, ctx.act = groups, act
        return y

    @staticmethod
    def backward(ctx, dy):
        x, w, b, mean, rstd = ctx.saved_tensors
        dx, dw, db = extension().bwd(dy.to(torch.bfloat16).contiguous(), x, w, b, mean, rstd, ctx.groups, ctx.act)
        return dx, dw, db, None, None, None


def norm_act(x, norm, scale=None, shift=None, act=True):
    """gelu(norm(x)·(1 + scale) + shift) for x [N, C, H, W]; scale and shift [N, C] or absent."""
    if x.device.type == 'cpu' and torch.is_autocast_enabled('cpu') and extension():
        n, c, h, w_ = x.shape
        with torch.autocast('cpu', enabled=False):
            w, b = norm.weight.float().expand(n, c), norm.bias.float().expand(n, c)
            if scale is not None:
                k = 1 + scale.float()
                w, b = w * k, b * k + shift.float()
            y = _NormAct.apply(x.permute(0, 2, 3, 1).reshape(n, h * w_, c), w.contiguous(), b.contiguous(), norm.num_groups, norm.eps, act)
        return y.view(n, h, w_, c).permute(0, 3, 1, 2)
    y = F.group_norm(x, norm.num_groups, norm.weight, norm.bias, norm.eps)
    if scale is not None:
        y = y * (1 + scale[:, :, None, None]) + shift[:, :, None, None]
    return F.gelu(y) if act else y


def norm_tokens(x, norm):
    """Group norm of tokens [N, P, C] over channels and tokens, as attention wants it."""
    if x.device.type == 'cpu' and torch.is_autocast_enabled('cpu') and extension():
        n, _, c = x.shape
        with torch.autocast('cpu', enabled=False):
            return _NormAct.apply(x, norm.weight.float().expand(n, c).contiguous(), norm.bias.float().expand(n, c).contiguous(), norm.num_groups, norm.eps, False)
    return F.group_norm(x.transpose(1, 2), norm.num_groups, norm.weight, norm.bias, norm.eps).transpose(1, 2)
