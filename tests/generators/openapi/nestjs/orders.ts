// The orders API in Nest, described by @nestjs/swagger.
import 'reflect-metadata';
import { Body, Controller, Get, Module, Param, ParseIntPipe, Post, Query, UploadedFile, UseInterceptors } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FileInterceptor } from '@nestjs/platform-express';
import {
  ApiBody, ApiConsumes, ApiExtraModels, ApiOperation, ApiProperty, ApiPropertyOptional, ApiQuery, ApiResponse,
  DocumentBuilder, SwaggerModule, getSchemaPath,
} from '@nestjs/swagger';
import { writeFileSync } from 'node:fs';

enum Status { open = 'open', paid = 'paid' }

class Customer {
  @ApiProperty() name!: string;
  @ApiPropertyOptional({ type: String, nullable: true, format: 'email' }) email?: string | null;
}

class Item {
  @ApiProperty() sku!: string;
  @ApiProperty({ type: 'integer', minimum: 1 }) quantity!: number;
  @ApiProperty() price!: number;
}

class Card {
  @ApiProperty({ enum: ['card'] }) kind!: 'card';
  @ApiProperty() number!: string;
}

class Invoice {
  @ApiProperty({ enum: ['invoice'] }) kind!: 'invoice';
  @ApiProperty({ type: 'integer' }) days!: number;
}

@ApiExtraModels(Card, Invoice)
class Order {
  @ApiProperty({ type: 'integer', readOnly: true }) id!: number;
  @ApiProperty() customer!: Customer;
  @ApiProperty({ type: [Item] }) items!: Item[];
  @ApiProperty({
    oneOf: [{ $ref: getSchemaPath(Card) }, { $ref: getSchemaPath(Invoice) }],
    discriminator: {
      propertyName: 'kind',
      mapping: { card: getSchemaPath(Card), invoice: getSchemaPath(Invoice) },
    },
  })
  payment!: Card | Invoice;
  @ApiPropertyOptional({ type: String, nullable: true }) note?: string | null;
  @ApiPropertyOptional({ enum: Status, enumName: 'Status' }) status?: Status;
  @ApiProperty() deliver!: Date;
}

@Controller('orders')
class Orders {
  @Get()
  @ApiOperation({ summary: 'List orders' })
  @ApiQuery({ name: 'status', enum: Status, required: false })
  @ApiQuery({ name: 'limit', type: 'integer', required: false })
  @ApiQuery({ name: 'search', required: false })
  @ApiQuery({ name: 'tags', type: [String], required: false })
  @ApiResponse({ type: [Order] })
  list(
    @Query('status') status?: Status, @Query('limit') limit?: number, @Query('search') search?: string,
    @Query('tags') tags?: string[],
  ): Order[] { return []; }

  @Get(':order')
  @ApiOperation({ summary: 'Get one order' })
  @ApiResponse({ type: Order })
  get(@Param('order', ParseIntPipe) order: number): Order { throw new Error(); }

  @Post()
  @ApiOperation({ summary: 'Create an order' })
  @ApiResponse({ status: 201, type: Order })
  create(@Body() body: Order): Order { return body; }

  @Post(':order/files')
  @ApiOperation({ summary: 'Add a file to an order' })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object', required: ['file', 'title'],
      properties: { file: { type: 'string', format: 'binary' }, title: { type: 'string' } },
    },
  })
  @UseInterceptors(FileInterceptor('file'))
  addFile(@Param('order', ParseIntPipe) order: number, @UploadedFile() file: unknown): void {}
}

@Module({ controllers: [Orders] })
class App {}

async function main() {
  const app = await NestFactory.create(App, { logger: false });
  const document = SwaggerModule.createDocument(app, new DocumentBuilder().setTitle('Orders').setVersion('1').build());
  writeFileSync('openapi.json', JSON.stringify(document));
  process.exit(0);
}
main();
