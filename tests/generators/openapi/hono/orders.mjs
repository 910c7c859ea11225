// The orders API in Hono, described by @hono/zod-openapi.
import { writeFileSync } from 'node:fs';
import { OpenAPIHono, createRoute, z } from '@hono/zod-openapi';

const Status = z.enum(['open', 'paid']);
const Card = z.object({ kind: z.literal('card'), number: z.string() }).openapi('Card');
const Invoice = z.object({ kind: z.literal('invoice'), days: z.number().int() }).openapi('Invoice');
const NewOrder = z.object({
  customer: z.object({ name: z.string(), email: z.email().nullish() }),
  items: z.array(z.object({ sku: z.string(), quantity: z.number().int().min(1), price: z.number() })),
  payment: z.discriminatedUnion('kind', [Card, Invoice]),
  note: z.string().nullish(),
  status: Status.optional(),
  deliver: z.iso.datetime(),
}).openapi('NewOrder');
const Order = NewOrder.extend({ id: z.number().int() }).openapi('Order');
const Path = z.object({ order: z.coerce.number().int() });
const json = (schema) => ({ content: { 'application/json': { schema } } });
const answer = (schema) => ({ 200: { description: 'Done', ...json(schema) } });

const app = new OpenAPIHono();
app.openapi(createRoute({
  method: 'get', path: '/orders', summary: 'List orders',
  request: { query: z.object({
    status: Status.optional(), limit: z.coerce.number().int().default(20), search: z.string().optional(),
    tags: z.array(z.string()).optional(),
  }) },
  responses: answer(z.array(Order)),
}), (c) => c.json([]));
app.openapi(createRoute({
  method: 'get', path: '/orders/{order}', summary: 'Get one order', request: { params: Path }, responses: answer(Order),
}), (c) => c.json({}));
app.openapi(createRoute({
  method: 'post', path: '/orders', summary: 'Create an order', request: { body: { required: true, ...json(NewOrder) } },
  responses: answer(Order),
}), (c) => c.json({}));
app.openapi(createRoute({
  method: 'post', path: '/orders/{order}/files', summary: 'Add a file to an order',
  request: { params: Path, body: { content: { 'multipart/form-data': { schema: z.object({
    file: z.file().openapi({ type: 'string', format: 'binary' }), title: z.string(),
  }) } } } },
  responses: { 204: { description: 'Done' } },
}), (c) => c.body(null, 204));

writeFileSync('openapi.json', JSON.stringify(app.getOpenAPIDocument({ openapi: '3.0.0', info: { title: 'Orders', version: '1' } })));
