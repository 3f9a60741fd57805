/** `required`: no mail without TLS. `optional`: STARTTLS where the server offers it. `off`: plain text. */
export type TlsMode = 'required' | 'optional' | 'off';
