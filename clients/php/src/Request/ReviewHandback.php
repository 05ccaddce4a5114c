<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For review()->skip(), release(), escalate() and undo(). `note` is for the lead who gets the item.
 */
final class ReviewHandback extends Request
{
    protected const FIELDS = [
        'claimToken' => 'claim_token',
        'note' => 'note',
    ];

    /**
     * @param string $claimToken From the claim. Another claim of the item gets another token, and this one is worth
     *     nothing from then on.
     */
    public function __construct(
        public readonly string $claimToken,
        public readonly ?string $note = null,
    ) {
    }
}
