// The orders API in tsoa.
import { Body, Controller, FormField, Get, Path, Post, Query, Route, UploadedFile } from 'tsoa';

type Status = 'open' | 'paid';

interface Customer {
  name: string;
  email?: string | null;
}

interface Item {
  sku: string;
  /** @isInt @minimum 1 */
  quantity: number;
  price: number;
}

interface Card {
  kind: 'card';
  number: string;
}

interface Invoice {
  kind: 'invoice';
  /** @isInt */
  days: number;
}

interface Order {
  /** @isInt */
  readonly id: number;
  customer: Customer;
  items: Item[];
  payment: Card | Invoice;
  note?: string | null;
  status?: Status;
  deliver: Date;
}

type NewOrder = Omit<Order, 'id'>;

@Route('orders')
export class OrdersController extends Controller {
  /**
   * List orders
   * @isInt limit
   */
  @Get()
  public async listOrders(
    @Query() status?: Status, @Query() limit: number = 20, @Query() search?: string, @Query() tags?: string[],
  ): Promise<Order[]> { return []; }

  /**
   * Get one order
   * @isInt order
   */
  @Get('{order}')
  public async getOrder(@Path() order: number): Promise<Order> { throw new Error(); }

  /** Create an order */
  @Post()
  public async createOrder(@Body() body: NewOrder): Promise<Order> { throw new Error(); }

  /**
   * Add a file to an order
   * @isInt order
   */
  @Post('{order}/files')
  public async addFile(@Path() order: number, @UploadedFile() file: Express.Multer.File, @FormField() title: string): Promise<void> {}
}
