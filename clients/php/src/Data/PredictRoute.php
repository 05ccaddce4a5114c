<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class PredictRoute extends Record
{
    /**
     * @param string $route Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param string $url The path to POST to.
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param string $path Where it answers, behind `/compat/`; one to three segments.
     * @param PredictRouteReview $review The answer while a person still has to decide: `$.label` is null then,
     *     `$.suggestion` may be there.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param \DateTimeImmutable $updatedAt RFC 3339, UTC.
     * @param array<string, mixed>|null $labels What the application calls our labels: `$.value` and
     *     `$.suggestion.value` in templates.
     * @param mixed $response The answer to an automated item. Any JSON. In its strings, `{{$.path}}` stands for a
     *     fact of the decision: alone in a string for the value as it is, else for its text.
     * @param mixed $envelope With `request.items`: what stands around the answers, `{{$.answers}}`. Absent = the
     *     bare array.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $route,
        public readonly string $url,
        public readonly string $task,
        public readonly string $path,
        public readonly PredictRouteRequest $request,
        public readonly PredictRouteReview $review,
        public readonly \DateTimeImmutable $createdAt,
        public readonly \DateTimeImmutable $updatedAt,
        public readonly ?array $labels = null,
        public readonly mixed $response = null,
        public readonly mixed $envelope = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['id'] ?? null),
            Read::string($data['route'] ?? null),
            Read::string($data['url'] ?? null),
            Read::string($data['task'] ?? null),
            Read::string($data['path'] ?? null),
            PredictRouteRequest::fromArray(Read::object($data['request'] ?? null)),
            PredictRouteReview::fromArray(Read::object($data['review'] ?? null)),
            Read::time($data['created_at'] ?? null),
            Read::time($data['updated_at'] ?? null),
            Read::nullableObject($data['labels'] ?? null),
            $data['response'] ?? null,
            $data['envelope'] ?? null,
            $data,
        );
    }
}
