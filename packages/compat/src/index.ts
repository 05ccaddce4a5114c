export { compatErrors } from './errors.ts';
export { EmbeddingHost } from './openai/embedding-host.ts';
export { isOpenAiPath, openAiError, openAiLimitHeaders, type RequestLimit } from './openai/error-shape.ts';
export { type EmbeddingAnswer, type ModerationAnswer, OpenAiDoor, type OpenAiModel } from './openai/openai-door.ts';
export { OpenAiSettingsKeeper, openAiSettingsEtag } from './openai/openai-settings.ts';
export type * from './ports.ts';
export { type PredictRoute, type PredictRouteDefinition, predictRouteEtag } from './predict-routes/predict-route.ts';
export { type EditConditions, PredictRoutes } from './predict-routes/predict-routes.ts';
