// The orders API in Elysia, described by @elysiajs/openapi.
import { writeFileSync } from 'node:fs';
import { Elysia, t } from 'elysia';
import { openapi } from '@elysiajs/openapi';

const Status = t.Union([t.Literal('open'), t.Literal('paid')]);
const NewOrder = t.Object({
  customer: t.Object({ name: t.String(), email: t.Optional(t.Nullable(t.String({ format: 'email' }))) }),
  items: t.Array(t.Object({ sku: t.String(), quantity: t.Integer({ minimum: 1 }), price: t.Number() })),
  payment: t.Union([
    t.Object({ kind: t.Literal('card'), number: t.String() }),
    t.Object({ kind: t.Literal('invoice'), days: t.Integer() }),
  ]),
  note: t.Optional(t.Nullable(t.String())),
  status: t.Optional(Status),
  deliver: t.Date(),
});
const Order = t.Composite([NewOrder, t.Object({ id: t.Integer({ readOnly: true }) })]);
const Path = t.Object({ order: t.Integer() });

const app = new Elysia()
  .use(openapi())
  .get('/orders', () => [], {
    detail: { summary: 'List orders' },
    query: t.Object({
      status: t.Optional(Status), limit: t.Optional(t.Integer({ default: 20 })), search: t.Optional(t.String()),
      tags: t.Optional(t.Array(t.String())),
    }),
    response: t.Array(Order),
  })
  .get('/orders/:order', () => ({}), { detail: { summary: 'Get one order' }, params: Path, response: Order })
  .post('/orders', () => ({}), { detail: { summary: 'Create an order' }, body: NewOrder, response: Order })
  .post('/orders/:order/files', () => {}, {
    detail: { summary: 'Add a file to an order' }, params: Path, body: t.Object({ file: t.File(), title: t.String() }),
  });

const answer = await app.handle(new Request('http://localhost/openapi/json'));
writeFileSync('openapi.json', await answer.text());
process.exit(0);
