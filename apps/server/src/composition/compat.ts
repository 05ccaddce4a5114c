import { EmbeddingHost, type FeatureSpaces, OpenAiDoor, OpenAiSettingsKeeper, PredictRoutes } from '@understudy/compat';
import { PostgresOpenAiSettingsStore, PostgresPredictRouteStore } from '@understudy/compat/storage';
import type { AuditTrail, Decide, LivePlans, Tasks } from '@understudy/decisions';
import { inferenceErrors } from '@understudy/inference';
import { type Clock, type Database, isUnderstudyError } from '@understudy/kernel';
import type { ObjectStore } from '@understudy/lake';
import type { ModelVersion, Registry } from '@understudy/registry';
import { LINEAR_FORMAT, NETWORK_FORMAT } from '@understudy/text';
import type { Config } from '../config.ts';

interface Needs {
  config: Config;
  database: Database;
  tasks: Tasks;
  plans: LivePlans;
  decide: Decide;
  registry: Registry;
  objects: ObjectStore;
  audit: AuditTrail;
  clock: Clock;
}

/** The doors in other services' shapes: OpenAI's API, and an application's own `/predict`. */
export function openCompat(needs: Needs) {
  const { database, tasks, plans, decide, audit, clock } = needs;
  const settings = new OpenAiSettingsKeeper({ store: new PostgresOpenAiSettingsStore(database), tasks, audit, clock });
  const embedder = new EmbeddingHost();
  return {
    settings,
    embedder,
    door: new OpenAiDoor({ settings, tasks, live: plans, decide, features: featureSpaces(needs), embedder, clock }),
    routes: new PredictRoutes({ store: new PostgresPredictRouteStore(database), tasks, decide, audit, clock }),
  };
}

/** Formats whose file begins with the space of text features. */
const TEXT_FORMATS = new Set([LINEAR_FORMAT, NETWORK_FORMAT]);

function featureSpaces({ tasks, registry, objects, config }: Needs): FeatureSpaces {
  return {
    async of(workspace, slug, version) {
      const task = await tasks.get(workspace, slug);
      const found =
        version === null
          ? await registry.champion(workspace, slug, task.id)
          : await versionOf(registry, workspace, slug, version);
      // A version of a task of this name that is gone is not one of this task.
      if (found === null || found.lineage.taskId !== task.id) return null;
      const { artifact } = found;
      if (!TEXT_FORMATS.has(artifact.format)) return null;
      return {
        version: found.version,
        key: artifact.sha256,
        async read() {
          if (artifact.bytes > config.modelMemoryBytes) {
            throw inferenceErrors.model_artifact_invalid(
              `the file has ${artifact.bytes} bytes; UNDERSTUDY_MODEL_MEMORY_MB allows ${config.modelMemoryBytes}`,
            );
          }
          const chunks: Uint8Array[] = [];
          for await (const chunk of objects.get(artifact.key, artifact)) chunks.push(chunk);
          return Buffer.concat(chunks);
        },
      };
    },
  };
}

async function versionOf(
  registry: Registry,
  workspace: string,
  slug: string,
  version: string,
): Promise<ModelVersion | null> {
  try {
    return await registry.version(workspace, slug, version);
  } catch (error) {
    if (isUnderstudyError(error) && ['model_not_found', 'model_version_not_found'].includes(error.code)) return null;
    throw error;
  }
}
