<?php

declare(strict_types=1);

namespace App\Transport;

use App\Entity\Comment;

/** How a saved comment gets to Understudy. The answer comes later, as a DecisionMade of the bundle, in either case. */
interface Delivery
{
    public const MODERATION = 'comment-moderation';
    public const SENTIMENT = 'comment-sentiment';

    /** @throws \Throwable when it cannot be handed over now: the comment waits and is handed over again later */
    public function send(Comment $comment): void;
}
