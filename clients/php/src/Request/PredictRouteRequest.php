<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For predictRoutes()->put().
 */
final class PredictRouteRequest extends Request
{
    protected const FIELDS = [
        'task' => 'task',
        'request' => 'request',
        'response' => 'response',
        'review' => 'review',
        'path' => 'path',
        'labels' => 'labels',
        'envelope' => 'envelope',
    ];

    protected const NULLS = ['response', 'envelope'];

    protected const MAPS = ['labels'];

    /**
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param PredictRouteInput|array<string, mixed> $request
     * @param mixed $response The answer to an automated item. Any JSON. In its strings, `{{$.path}}` stands for a
     *     fact of the decision: alone in a string for the value as it is, else for its text.
     * @param PredictRouteReview|array<string, mixed> $review The answer while a person still has to decide:
     *     `$.label` is null then, `$.suggestion` may be there.
     * @param string|null $path Where it answers, behind `/compat/`; one to three segments.
     * @param array<string, string|float|bool|null>|null $labels What the application calls our labels: `$.value`
     *     and `$.suggestion.value` in templates.
     * @param mixed|Leave $envelope With `request.items`: what stands around the answers, `{{$.answers}}`. Absent =
     *     the bare array.
     */
    public function __construct(
        public readonly string $task,
        public readonly PredictRouteInput|array $request,
        public readonly mixed $response,
        public readonly PredictRouteReview|array $review,
        public readonly ?string $path = null,
        public readonly ?array $labels = null,
        public readonly mixed $envelope = Leave::Out,
    ) {
    }
}
