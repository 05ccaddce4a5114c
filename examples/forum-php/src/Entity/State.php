<?php

declare(strict_types=1);

namespace App\Entity;

/** Where a comment is. Everybody sees the visible ones; author and moderators see all. */
enum State: string
{
    /** Saved, and on its way to Understudy. */
    case Checking = 'checking';
    case Visible = 'visible';
    case Hidden = 'hidden';
    /** A moderator decides. */
    case Queued = 'queued';

    public static function of(?string $label): self
    {
        return match ($label) {
            'ok' => self::Visible,
            'spam', 'toxic' => self::Hidden,
            default => self::Queued,
        };
    }
}
