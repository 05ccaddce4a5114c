<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For review()->addGold().
 */
final class ReviewGoldRequest extends Request
{
    protected const FIELDS = [
        'decision' => 'decision',
        'label' => 'label',
    ];

    /**
     * @param string $label What is known to be right.
     */
    public function __construct(
        public readonly string $decision,
        public readonly string $label,
    ) {
    }
}
