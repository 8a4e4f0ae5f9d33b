import { createMiddleware } from "hono/factory";
import { z } from "zod";
import { DeskOverrides } from "../domain/desk.ts";

const JsonSchema = z.looseObject({});
const Schemas = z.looseObject({
  input_schema: JsonSchema,
  output_schema: JsonSchema.optional(),
  state_schema: JsonSchema,
});

/**
 * Completes what the server says of an assistant's schemas: it leaves out the context and the output of graphs whose
 * state is a StateSchema, and Studio draws its form from that.
 */
export const completeSchemas = createMiddleware(async (context, next) => {
  await next();
  if (!context.res.ok) return;
  const schemas = Schemas.parse(await context.res.clone().json());
  const settings = { title: "DeskOverrides", ...z.toJSONSchema(DeskOverrides, { target: "draft-7" }) };
  context.res = Response.json({
    ...schemas,
    input_schema: { title: "SupportInput", ...schemas.input_schema },
    output_schema: { title: "SupportOutput", ...(schemas.output_schema ?? schemas.state_schema) },
    state_schema: { title: "SupportState", ...schemas.state_schema },
    config_schema: settings,
    context_schema: settings,
  });
});
