export { compatCallRoutes } from './compat-call-routes.ts';
export { type DoorPorts, openAiRoutes } from './openai-routes.ts';
export { openAiSettingsRoutes } from './openai-settings-routes.ts';
export { predictRouteRoutes } from './predict-route-routes.ts';
