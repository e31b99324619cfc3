/** The tooltip: a first line and details, beside the pointer, never outside the map. */
export class Tip {
  private readonly element = document.createElement('div');
  private readonly head = document.createElement('b');
  private readonly body = document.createElement('span');

  constructor(private readonly parent: HTMLElement) {
    this.element.className = 'map-tip';
    this.element.setAttribute('role', 'tooltip');
    this.element.hidden = true;
    this.element.append(this.head, this.body);
    parent.append(this.element);
  }
  show(x: number, y: number, head: string, body: string, u: number) {
    this.element.hidden = false;
    if (this.head.textContent !== head) this.head.textContent = head;
    if (this.body.textContent !== body) this.body.textContent = body;
    const { offsetWidth: w, offsetHeight: h } = this.element;
    const left = Math.max(0, x + 16 * u + w > this.parent.clientWidth ? x - 12 * u - w : x + 16 * u);
    const top = Math.max(0, Math.min(this.parent.clientHeight - h, y + 16 * u));
    this.element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
  hide() {
    this.element.hidden = true;
  }
}
