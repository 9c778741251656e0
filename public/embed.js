// Fits the frames of embedded charts to their content. Listens only to frames that show this portal, and only
// to messages that come from them. Licence: Apache-2.0.
(() => {
  'use strict';
  const root = new URL('.', document.currentScript.src);
  const ours = () => [...document.querySelectorAll('iframe')].filter((frame) => frame.src.startsWith(root.href));
  const ask = (frame) => frame.contentWindow?.postMessage({ mingshi: 'hello' }, '*');
  addEventListener('message', ({ origin, source, data }) => {
    if (origin !== root.origin || data?.mingshi !== 'height') return;
    const frame = ours().find((frame) => frame.contentWindow === source);
    const height = Number(data.height);
    if (frame && height >= 40 && height <= 20000) frame.height = String(Math.ceil(height));
  });
  // A frame that was there before this script has told its height to nobody: it is asked again. One that has
  // not loaded yet tells it by itself.
  const all = () => ours().forEach(ask);
  all();
  addEventListener('load', all);
})();
