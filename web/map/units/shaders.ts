/** Shader sources of the unit layer. Screen directions are in u with y down; `units.pixel` is device pixels per u. */
const block = `\
layout(std140) uniform unitsUniforms {
  mat4 matrix;
  vec4 cubic;
  vec4 plain;
  vec4 special;
  vec4 alert;
  vec4 onAlert;
  vec4 amiss;
  vec4 accent;
  vec4 halo;
  vec2 viewport;
  float now;
  float fixNow;
  float pixel;
  float bearing;
  float detail;
  float opacity;
  float fadeFrom;
  float fadeTo;
} units;
`;

export const unitsModule = {
  name: 'units',
  vs: block,
  fs: block,
  uniformTypes: {
    matrix: 'mat4x4<f32>',
    cubic: 'vec4<f32>',
    plain: 'vec4<f32>',
    special: 'vec4<f32>',
    alert: 'vec4<f32>',
    onAlert: 'vec4<f32>',
    amiss: 'vec4<f32>',
    accent: 'vec4<f32>',
    halo: 'vec4<f32>',
    viewport: 'vec2<f32>',
    now: 'f32',
    fixNow: 'f32',
    pixel: 'f32',
    bearing: 'f32',
    detail: 'f32',
    opacity: 'f32',
    fadeFrom: 'f32',
    fadeTo: 'f32',
  },
} as const;

const place = `\
vec4 place(vec2 offset) {
  float y = offset.y * (units.cubic.y + offset.y * (units.cubic.z + offset.y * units.cubic.w));
  return units.matrix * vec4(offset.x * units.cubic.x, y, 0.0, 1.0);
}
`;

/**
 * One gl.POINT per unit, mixed between its two positions. kind = role, status with looks (looks.ts), selected, known (bytes).
 * SOS: a solid disc in P1 with a ring about it. Silent: hollow and faded. Off duty: dim. Outside its area: a broken ring in P3.
 */
export const pointVs = `\
#version 300 es
#define SHADER_NAME units-point-vertex
in vec2 from;
in vec2 to;
in vec2 span;
in vec2 course;
in vec4 kind;
flat out vec4 vColour;
flat out vec4 vShape;
flat out float vHalf;
flat out vec3 vLook;
float bit(float byte, float value) {
  return mod(floor(byte / value), 2.0);
}
${place}
void main(void) {
  float t = span.y > span.x ? clamp((units.now - span.x) / (span.y - span.x), 0.0, 1.0) : 1.0;
  gl_Position = place(mix(from, to, t) * 1e-7);
  vec4 bytes = floor(kind * 255.0 + 0.5);
  float age = units.fixNow - course.y;
  float fade = 1.0 - 0.75 * clamp((age - units.fadeFrom) / (units.fadeTo - units.fadeFrom), 0.0, 1.0);
  float sos = bit(bytes.y, 2.0);
  float silent = bit(bytes.y, 8.0);
  vLook = vec3(sos, silent, bit(bytes.y, 32.0));
  vColour = sos > 0.5 ? units.alert : (bytes.x > 0.5 ? units.special : units.plain);
  vColour.a *= sos > 0.5 ? 1.0 : fade * units.opacity * (bit(bytes.y, 16.0) > 0.5 ? 0.4 : 1.0);
  float heading = radians(course.x - units.bearing);
  float role = units.detail > 0.5 ? bytes.x : 0.0;
  vShape = vec4(cos(heading), sin(heading), role, bytes.z);
  float ringed = max(max(sos, vLook.z), bytes.z);
  vHalf = units.detail > 0.5 ? (role > 0.5 ? (sos > 0.5 ? 39.0 : 27.0) : (ringed > 0.5 ? 19.0 : 11.0)) : (sos > 0.5 ? 9.0 : 3.0);
  gl_PointSize = bytes.w > 0.5 ? max(3.0, 2.0 * vHalf * units.pixel) : 0.0;
  if (bytes.w < 0.5) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
`;

export const pointFs = `\
#version 300 es
#define SHADER_NAME units-point-fragment
precision highp float;
uniform sampler2D glyphs;
flat in vec4 vColour;
flat in vec4 vShape;
flat in float vHalf;
flat in vec3 vLook;
out vec4 fragColor;

float arrow(vec2 p, float s) {
  vec2 v[4] = vec2[4](vec2(0.0, -8.4) * s, vec2(5.7, 6.7) * s, vec2(0.0, 3.4) * s, vec2(-5.7, 6.7) * s);
  float d = dot(p - v[0], p - v[0]);
  float side = 1.0;
  for (int i = 0, j = 3; i < 4; j = i, i++) {
    vec2 e = v[j] - v[i];
    vec2 w = p - v[i];
    vec2 b = w - e * clamp(dot(w, e) / dot(e, e), 0.0, 1.0);
    d = min(d, dot(b, b));
    bvec3 c = bvec3(p.y >= v[i].y, p.y < v[j].y, e.x * w.y > e.y * w.x);
    if (all(c) || all(not(c))) side = -side;
  }
  return side * sqrt(d);
}

void over(inout vec4 under, vec4 top) {
  under.rgb = top.rgb * top.a + under.rgb * (1.0 - top.a);
  under.a = top.a + under.a * (1.0 - top.a);
}

void main(void) {
  vec2 p = (gl_PointCoord * 2.0 - 1.0) * vHalf;
  float soft = 0.5 / units.pixel;
  vec4 sum = vec4(0.0);
  if (units.detail < 0.5) {
    float d = length(p) - (vLook.x > 0.5 ? 5.0 : 2.2);
    if (vLook.x > 0.5) over(sum, vec4(vColour.rgb, 1.0 - smoothstep(-soft, soft, abs(d - 2.4) - 0.8)));
    if (vLook.y > 0.5) d = abs(d + 0.4) - 0.5;
    over(sum, vec4(vColour.rgb, vColour.a * (1.0 - smoothstep(-soft, soft, d))));
  } else {
    vec2 q = vec2(p.x * vShape.x + p.y * vShape.y, -p.x * vShape.y + p.y * vShape.x);
    float d = arrow(q, vShape.z > 0.5 ? 1.0 : 0.857);
    if (vLook.x > 0.5) {
      float r = length(p);
      over(sum, vec4(units.alert.rgb, 1.0 - smoothstep(-soft, soft, r - 12.5)));
      over(sum, vec4(units.alert.rgb, 1.0 - smoothstep(-soft, soft, abs(r - 16.5) - 1.2)));
      over(sum, vec4(units.onAlert.rgb, 1.0 - smoothstep(-soft, soft, d)));
    } else {
      over(sum, vec4(units.halo.rgb, vColour.a * (1.0 - smoothstep(0.8 - soft, 0.8 + soft, d))));
      over(sum, vec4(vColour.rgb, vColour.a * (1.0 - smoothstep(-soft, soft, vLook.y > 0.5 ? abs(d + 0.9) - 0.9 : d))));
    }
    if (vLook.z > 0.5) {
      float dash = step(0.0, sin(atan(p.y, p.x) * 8.0));
      float ring = abs(length(p) - 13.0) - 0.8;
      over(sum, vec4(units.amiss.rgb, dash * vColour.a * (1.0 - smoothstep(-soft, soft, ring))));
    }
    if (vShape.w > 0.5) {
      float ring = abs(length(p) - (vLook.x > 0.5 ? 18.0 : 14.0)) - 1.0;
      over(sum, vec4(units.accent.rgb, 1.0 - smoothstep(-soft, soft, ring)));
    }
    vec2 g = (p - vec2(vLook.x > 0.5 ? 28.4 : 16.4, 0.0)) / 20.0 + 0.5;
    if (vShape.z > 0.5 && all(greaterThan(g, vec2(0.0))) && all(lessThan(g, vec2(1.0)))) {
      vec4 texel = texture(glyphs, vec2((vShape.z - 1.0 + g.x) / 5.0, g.y));
      over(sum, vec4(texel.rgb, texel.a * vColour.a));
    }
  }
  if (sum.a < 0.004) discard;
  fragColor = vec4(sum.rgb / sum.a, sum.a);
}
`;

/** One instanced quad per stretch of trail. */
export const trailVs = `\
#version 300 es
#define SHADER_NAME units-trail-vertex
in vec2 corner;
in vec2 from;
in vec2 to;
in vec2 fade;
in float role;
out float vAlpha;
flat out vec3 vColour;
${place}
void main(void) {
  vec4 a = place(from * 1e-7);
  vec4 b = place(to * 1e-7);
  vec2 way = (b.xy / b.w - a.xy / a.w) * units.viewport;
  float len = length(way);
  vec2 side = len > 0.0 ? vec2(-way.y, way.x) / len : vec2(0.0);
  float width = (role > 0.5 ? 1.7 : 1.4) * units.pixel;
  vec4 at = corner.x < 0.5 ? a : b;
  at.xy += side * corner.y * width / units.viewport * at.w;
  gl_Position = at;
  vAlpha = mix(fade.x, fade.y, corner.x) * units.opacity;
  vColour = role > 0.5 ? units.special.rgb : units.plain.rgb;
}
`;

export const trailFs = `\
#version 300 es
#define SHADER_NAME units-trail-fragment
precision highp float;
in float vAlpha;
flat in vec3 vColour;
out vec4 fragColor;
void main(void) {
  fragColor = vec4(vColour, vAlpha);
}
`;
