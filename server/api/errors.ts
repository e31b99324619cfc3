import { z } from 'zod';

/** Every answer that is not a success has this body. */
export const zError = z
  .object({ error: z.looseObject({ field: z.string(), rule: z.string() }) })
  .describe('What was wrong: the field, and the rule it breaks');
