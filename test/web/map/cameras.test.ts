import { expect, it } from 'vitest';
import { zCameraSpec } from '../../../model/ledger.ts';
import { cameraFeatures } from '../../../web/map/layers/devices.ts';

it('a camera that says it is offline is drawn otherwise than one that is online or never said', () => {
  const cameras = ['on', 'off', 'never'].map((id) => ({ ...zCameraSpec.parse({ id, name: id, lngLat: [104, 30], area: null }), ix: 0 }));
  const online = new Map([
    ['on', true],
    ['off', false],
  ]);
  const icons = cameraFeatures(cameras, online).features.map((f) => f.properties.icon);
  expect(icons).toEqual(['camera', 'camera-offline', 'camera']);
});
