<?php

declare(strict_types=1);

namespace App\Moderation;

use App\Database\Comments;
use App\Transport\Delivery;
use Symfony\Component\Messenger\Attribute\AsMessageHandler;
use Understudy\SymfonyBundle\Messenger\DecisionMade;
use Understudy\SymfonyBundle\Messenger\DecisionReviewed;

/** What the bundle tells, whichever way it came. */
final class Answers
{
    public function __construct(private readonly Comments $comments, private readonly Moderation $moderation)
    {
    }

    #[AsMessageHandler]
    public function decided(DecisionMade $made): void
    {
        $comment = $this->comments->find((int) $made->externalId);
        if ($comment === null) {
            return;
        }
        match ($made->data['task'] ?? null) {
            Delivery::MODERATION => $this->moderation->apply($comment, $made->decision()),
            Delivery::SENTIMENT => $this->moderation->applySentiment($comment, $made->decision()),
            default => null,
        };
    }

    #[AsMessageHandler]
    public function reviewed(DecisionReviewed $reviewed): void
    {
        $comment = $this->comments->find((int) $reviewed->externalId());
        if ($comment === null || $reviewed->label() === null) {
            return;
        }
        if ($reviewed->task() === Delivery::MODERATION && $reviewed->type === 'decision.reviewed') {
            $this->moderation->applyReview($comment, $reviewed->label());
        } elseif ($reviewed->task() === Delivery::SENTIMENT) {
            $this->comments->change($comment->id, ['sentiment' => $reviewed->label(), 'sentiment_sure' => true]);
        }
    }
}
