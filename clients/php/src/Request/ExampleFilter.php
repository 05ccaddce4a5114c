<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * What `GET /v1/tasks/{task}/examples` is asked for.
 */
final class ExampleFilter extends Request
{
    protected const FIELDS = [
        'label' => 'label',
        'conflicts' => 'conflicts',
        'source' => 'source',
        'q' => 'q',
    ];

    /**
     * @param string|null $conflicts Only rows whose input stands under another label too.
     * @param string|null $source `import`, `reviewer`, `audit`, `application`. Where the label comes from; all but
     *     `import` are labels of decisions.
     * @param string|null $q Only examples whose text holds every word of this, each anywhere, in any script; "words
     *     in quotes" as one. Upper and lower case are the same; no character is a wildcard. A page may be short, even empty,
     *     while `next_cursor` is set.
     */
    public function __construct(
        public readonly ?string $label = null,
        public readonly ?string $conflicts = null,
        public readonly ?string $source = null,
        public readonly ?string $q = null,
    ) {
    }
}
