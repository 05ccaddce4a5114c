<?php

declare(strict_types=1);

namespace App\Moderation;

/** Understudy is to hear what a person said about a comment. */
final class SendLabel
{
    public function __construct(public readonly int $comment)
    {
    }
}
