<?php

declare(strict_types=1);

/*
 * Writes src/Request/*.php, one readonly class with named arguments for every request and filter in contracts/openapi.json.
 *
 *   php scripts/generate_requests.php            writes
 *   php scripts/generate_requests.php --check    says whether what is there is what would be written
 */

namespace Understudy\Client\Scripts;

/** Schemas of requests. Predictions have PredictOptions and Item; SessionRequest is one of two and stays an array. */
const REQUESTS = [
    'ApiKeyRequest', 'DeadLetterReplayRequest', 'ExampleRequest', 'JobRequest', 'MemberChange', 'MemberRequest',
    'OpenAiSettingsRequest', 'PredictRouteRequest', 'ReplayRequest', 'ReviewClaimRequest', 'ReviewGoldRequest',
    'ReviewHandback', 'ReviewVerdictRequest', 'SourceRequest', 'TaskDefinition', 'TrainingRunRequest', 'WebhookChange',
    'WebhookRequest', 'WorkspaceRequest',
];

/** Who sends them, for those that the contract does not describe. */
const SENT_BY = [
    'ApiKeyRequest' => 'keys()->create()', 'DeadLetterReplayRequest' => 'deadLetters()->replay()',
    'ExampleRequest' => 'examples()->import(), as a row', 'JobRequest' => 'jobs()->create()',
    'MemberChange' => 'members()->change()', 'MemberRequest' => 'members()->add()',
    'OpenAiSettingsRequest' => 'openaiSettings()->put()', 'PredictRouteRequest' => 'predictRoutes()->put()',
    'ReplayRequest' => 'replays()->start()', 'ReviewClaimRequest' => 'review()->claim()',
    'ReviewGoldRequest' => 'review()->addGold()', 'ReviewHandback' => 'review()->skip(), release(), escalate() and undo()',
    'ReviewVerdictRequest' => 'review()->verdict()', 'SourceRequest' => 'sources()->put()', 'TaskDefinition' => 'tasks()->put()',
    'TrainingRunRequest' => 'trainingRuns()->start()', 'WebhookChange' => 'webhooks()->change()',
    'WebhookRequest' => 'webhooks()->create()', 'WorkspaceRequest' => 'workspaces()->create()',
    'WorkspaceQuotaRequest' => 'workspaces()->setQuota()',
];

/** Requests whose schema has no name. */
const INLINE = ['WorkspaceQuotaRequest' => ['put', '/v1/workspaces/{id}/quota']];

/** Queries, without what pages and formats are. */
const FILTERS = [
    'AlertFilter' => '/v1/alerts', 'AuditFilter' => '/v1/audit-log', 'DeadLetterFilter' => '/v1/dead-letters',
    'DecisionFilter' => '/v1/decisions', 'ExampleFilter' => '/v1/tasks/{task}/examples', 'JobFilter' => '/v1/jobs',
    'OverviewWindow' => '/v1/overview', 'QualityWindow' => '/v1/tasks/{task}/quality', 'ReviewFilter' => '/v1/review/items',
    'ReviewGoldFilter' => '/v1/review/gold', 'ValueWindow' => '/v1/value', 'DeliveryFilter' => '/v1/webhooks/{id}/deliveries',
];
const NOT_FILTERS = ['limit', 'cursor', 'format'];

/** Parts whose own name would be that of a request. */
const PARTS = ['PredictRouteRequest.request' => 'PredictRouteInput'];

const BY_HAND = ['Request', 'Leave', 'CloudEvent'];

final class Requests
{
    /** @var array<string, string> file name to source */
    public array $files = [];

    /** @param array<string, mixed> $openapi */
    public function __construct(private readonly array $openapi)
    {
    }

    public function run(): void
    {
        foreach (REQUESTS as $name) {
            $this->write($name, $this->openapi['components']['schemas'][$name]);
        }
        foreach (INLINE as $name => [$method, $path]) {
            $this->write($name, $this->openapi['paths'][$path][$method]['requestBody']['content']['application/json']['schema']);
        }
        foreach (FILTERS as $name => $path) {
            $properties = [];
            foreach ($this->openapi['paths'][$path]['get']['parameters'] as $parameter) {
                if ($parameter['in'] === 'query' && !\in_array($parameter['name'], NOT_FILTERS, true)) {
                    $properties[$parameter['name']] = $parameter['schema'] + array_intersect_key($parameter, ['description' => '']);
                }
            }
            $this->write($name, ['properties' => $properties, 'description' => "What `GET $path` is asked for."]);
        }
    }

    /** @param array<string, mixed> $schema */
    private function write(string $class, array $schema): void
    {
        $required = $schema['required'] ?? [];
        $fields = [];
        foreach ($schema['properties'] as $name => $field) {
            $fields[$name] = $this->type($field, $class, (string) $name, \in_array($name, $required, true));
        }
        uasort($fields, static fn (array $a, array $b): int => ($a['default'] !== null) <=> ($b['default'] !== null));
        $docs = $parameters = $names = $nulls = $maps = [];
        foreach ($fields as $name => $type) {
            $property = self::camel((string) $name);
            $about = trim(str_replace(["\n", '*/'], [' ', '* /'], $type['about']));
            if ($about !== '' || !\in_array($type['doc'], [$type['php'], ltrim($type['php'], '?') . '|null'], true)) {
                $docs[] = self::wrap("     * @param {$type['doc']} \$$property $about");
            }
            $parameters[] = "        public readonly {$type['php']} \$$property" . ($type['default'] === null ? '' : " = {$type['default']}") . ',';
            $names[] = "        '$property' => '$name',";
            if ($type['null']) {
                $nulls[] = "'$property'";
            }
            if ($type['map']) {
                $maps[] = "'$property'";
            }
        }
        $about = trim(str_replace("\n", ' ', $schema['description'] ?? ''));
        if (isset(SENT_BY[$class])) {
            $about = trim('For ' . SENT_BY[$class] . '. ' . $about);
        }
        $about = $about === '' ? 'A part of a request.' : $about;
        $source = "<?php\n\n// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.\n\n"
            . "declare(strict_types=1);\n\nnamespace Understudy\\Client\\Request;\n\n"
            . ($about === '' ? '' : "/**\n" . self::wrap(' * ' . $about, ' * ') . "\n */\n")
            . "final class $class extends Request\n{\n"
            . "    protected const FIELDS = [\n" . implode("\n", $names) . "\n    ];\n"
            . ($nulls === [] ? '' : "\n    protected const NULLS = [" . implode(', ', $nulls) . "];\n")
            . ($maps === [] ? '' : "\n    protected const MAPS = [" . implode(', ', $maps) . "];\n")
            . ($docs === [] ? '' : "\n    /**\n" . implode("\n", $docs) . "\n     */")
            . "\n    public function __construct(\n" . implode("\n", $parameters) . "\n    ) {\n    }\n}\n";
        if (($this->files[$class] ?? $source) !== $source) {
            throw new \LogicException("two shapes of $class");
        }
        $this->files[$class] = $source;
    }

    /**
     * @param array<string, mixed> $schema
     *
     * @return array{php: string, doc: string, default: string|null, about: string, null: bool, map: bool}
     */
    private function type(array $schema, string $class, string $field, bool $isRequired): array
    {
        $about = $schema['description'] ?? '';
        $fallback = $schema['default'] ?? null;
        $variants = $schema['anyOf'] ?? [$schema];
        $rest = array_values(array_filter($variants, static fn (array $one): bool => ($one['type'] ?? '') !== 'null'));
        $takesNull = \count($rest) < \count($variants);
        $constants = array_values(array_filter(array_column($rest, 'const'), 'is_string'));
        if ($constants !== [] && \count($constants) === \count($rest) && \count($rest) > 1) {
            $about = '`' . implode('`, `', $constants) . '`. ' . $about;
            [$php, $doc, $map] = ['string', 'string', false];
        } elseif (\count($rest) === 1) {
            [$php, $doc, $map] = $this->one($rest[0], $class, $field);
            $about = $about !== '' ? $about : ($rest[0]['description'] ?? '');
        } elseif (array_unique(array_column($rest, 'type')) === ['object'] && \count(array_column($rest, 'type')) === \count($rest)) {
            [$php, $doc, $map] = ['array', 'array<string, mixed>', true];
        } else {
            [$php, $doc, $map] = ['mixed', 'mixed', false];
        }
        if ($fallback !== null && !\is_array($fallback)) {
            $about = trim($about . ' Absent = ' . json_encode($fallback) . '.');
        }
        $default = null;
        if ($isRequired && \count($rest) === 1 && \is_string($rest[0]['const'] ?? null) && !$takesNull) {
            $default = "'" . $rest[0]['const'] . "'";
        } elseif (!$isRequired && ($takesNull || $php === 'mixed')) {
            $default = 'Leave::Out';
            $doc .= ($php === 'mixed' ? '' : '|null') . '|Leave';
            $php = $php === 'mixed' ? 'mixed' : "$php|Leave|null";
            $about = trim($about . ($takesNull ? ' Null empties it.' : ''));
        } elseif (!$isRequired || $takesNull) {
            $doc .= '|null';
            $php = str_contains($php, '|') ? "$php|null" : "?$php";
            $default = $isRequired ? null : 'null';
        }

        return ['php' => $php, 'doc' => $doc, 'default' => $default, 'about' => $about, 'null' => $takesNull || $php === 'mixed', 'map' => $map];
    }

    /**
     * @param array<string, mixed> $schema
     *
     * @return array{string, string, bool} native type, documented type, whether it is a map
     */
    private function one(array $schema, string $class, string $field): array
    {
        if (isset($schema['$ref'])) {
            $name = basename($schema['$ref']);
            $target = $this->openapi['components']['schemas'][$name];
            if (isset($target['properties'])) {
                $this->write($name, $target);

                return ["$name|array", "$name|array<string, mixed>", false];
            }

            return $this->one($target, $class, $field);
        }
        if (($schema['format'] ?? '') === 'date-time') {
            return ['\DateTimeInterface|string', '\DateTimeInterface|string', false];
        }
        if (isset($schema['properties'])) {
            $name = PARTS["$class.$field"]
                ?? preg_replace('/(Request|Definition|Change)$/', '', $class) . ucfirst(self::camel($field));
            $this->write($name, $schema);

            return ["$name|array", "$name|array<string, mixed>", false];
        }

        return match ($schema['type'] ?? 'any') {
            'string' => ['string', 'string', false],
            'integer' => ['int', 'int', false],
            'number' => ['float', 'float', false],
            'boolean' => ['bool', 'bool', false],
            'array' => ['array', 'list<' . $this->items($schema['items'] ?? [], $class, $field) . '>', false],
            'object' => ['array', 'array<string, ' . $this->items(current($schema['patternProperties'] ?? []) ?: [], $class, $field) . '>', true],
            default => ['mixed', 'mixed', false],
        };
    }

    /** @param array<string, mixed> $schema */
    private function items(array $schema, string $class, string $field): string
    {
        $variants = $schema['anyOf'] ?? [$schema];
        $docs = [];
        foreach ($variants as $one) {
            $docs[] = ($one['type'] ?? '') === 'null' ? 'null' : $this->one($one, $class, rtrim($field, 's'))[1];
        }

        return implode('|', array_unique($docs));
    }

    private static function camel(string $name): string
    {
        return lcfirst(str_replace('_', '', ucwords($name, '_')));
    }

    private static function wrap(string $line, string $next = '     *     '): string
    {
        return implode("\n", array_map('rtrim', explode("\n", wordwrap(rtrim($line), 116, "\n" . $next))));
    }
}

$openapi = json_decode((string) file_get_contents(__DIR__ . '/../../../contracts/openapi.json'), true, 512, JSON_THROW_ON_ERROR);
$requests = new Requests($openapi);
$requests->run();
$folder = __DIR__ . '/../src/Request';
$wrong = [];
foreach ($requests->files as $class => $source) {
    $file = "$folder/$class.php";
    if (!is_file($file) || file_get_contents($file) !== $source) {
        $wrong[] = "$class.php differs";
        if (!\in_array('--check', $argv, true)) {
            file_put_contents($file, $source);
        }
    }
}
foreach (glob("$folder/*.php") ?: [] as $file) {
    $name = basename($file, '.php');
    if (!isset($requests->files[$name]) && !\in_array($name, BY_HAND, true)) {
        $wrong[] = "$name.php has no schema";
        if (!\in_array('--check', $argv, true)) {
            unlink($file);
        }
    }
}
if (\in_array('--check', $argv, true) && $wrong !== []) {
    fwrite(STDERR, implode("\n", $wrong) . "\nrun: php scripts/generate_requests.php\n");
    exit(1);
}
echo \count($requests->files), " requests\n";
