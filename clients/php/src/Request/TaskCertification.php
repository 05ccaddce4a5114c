<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * A part of a request.
 */
final class TaskCertification extends Request
{
    protected const FIELDS = [
        'imports' => 'imports',
        'windowDays' => 'window_days',
    ];

    /**
     * @param string $imports `random_sample`, `excluded`. Whether imported examples are a random sample of what
     *     will be decided. Only then may they certify, and the certificate says that it assumes so.
     * @param int|null $windowDays Labels older than this do not certify.
     */
    public function __construct(
        public readonly string $imports,
        public readonly ?int $windowDays = null,
    ) {
    }
}
