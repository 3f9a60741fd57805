/** How a request to an AI model ended: the values of the label `status`. */
export type AiStatus = 'success' | 'error' | 'cancelled';
