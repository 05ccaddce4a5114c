<?php

declare(strict_types=1);

namespace App\Moderation;

use App\Database\Comments;
use App\Entity\Comment;
use App\Entity\State;
use App\Entity\User;
use App\Transport\Delivery;
use Psr\Log\LoggerInterface;
use Symfony\Component\Messenger\MessageBusInterface;
use Understudy\Client\Decision;

/** What becomes of comments. Nothing here needs Understudy to be there: without it, a moderator decides. */
final class Moderation
{
    public const LABELS = ['ok', 'spam', 'toxic'];

    public function __construct(
        private readonly Comments $comments,
        private readonly Delivery $delivery,
        private readonly MessageBusInterface $bus,
        private readonly LoggerInterface $logger,
    ) {
    }

    /** Saves first. What cannot be handed over now is handed over by forum:catch-up. */
    public function post(int $thread, int $author, string $body): int
    {
        $id = $this->comments->add($thread, $author, $body);
        $this->handOver($id);

        return $id;
    }

    public function handOver(int $id): bool
    {
        $comment = $this->comments->find($id);
        if ($comment === null) {
            return false;
        }
        try {
            $this->delivery->send($comment);

            return true;
        } catch (\Throwable $failure) {
            $this->logger->warning('Comment {id} waits: {message}', ['id' => $id, 'message' => $failure->getMessage(), 'exception' => $failure]);

            return false;
        }
    }

    /** An answer of Understudy. The same may come twice; a person who was faster is right. */
    public function apply(Comment $comment, Decision $decision): void
    {
        if ($decision->isFallback()) {
            return;
        }
        $known = ['decision' => $decision->id, 'confidence' => $decision->confidence, 'suggestion' => $decision->label ?? $decision->suggestion?->label];
        if ($comment->state !== State::Checking) {
            if ($comment->decision === null) {
                $this->comments->change($comment->id, $known);
                $this->tell($comment->id);
            }

            return;
        }
        $this->comments->change($comment->id, $known + [
            'state' => State::of($decision->label)->value,
            'label' => $decision->label,
            'decided_by' => $decision->isAutomated() ? 'understudy' : null,
            'decided_at' => $decision->isAutomated() ? new \DateTimeImmutable() : null,
        ], ['state' => State::Checking->value]);
    }

    public function applySentiment(Comment $comment, Decision $decision): void
    {
        if (!$decision->isFallback()) {
            $this->comments->change($comment->id, ['sentiment' => $decision->label ?? $decision->suggestion->label ?? 'unknown', 'sentiment_sure' => $decision->isAutomated()]);
        }
    }

    /**
     * A moderator's word is final, also about an appeal.
     *
     * @param bool $told Understudy knows it already
     */
    public function decide(Comment $comment, string $label, User $moderator, bool $told = false): void
    {
        if (!\in_array($label, self::LABELS, true)) {
            throw new \InvalidArgumentException(sprintf('"%s" is no label.', $label));
        }
        if ($told && self::confirms($comment, $label)) {
            return;
        }
        $this->comments->change($comment->id, [
            'state' => State::of($label)->value,
            'label' => $label,
            'decided_by' => 'person',
            'decided_at' => new \DateTimeImmutable(),
            'moderator_id' => $moderator->id,
            'label_owed' => !$told,
        ] + ($comment->hasOpenAppeal() ? ['appeal_answer' => $label === 'ok' ? 'granted' : 'denied'] : []));
        if (!$told) {
            $this->tell($comment->id);
        }
    }

    /** Somebody decided in Understudy's own review queue. */
    public function applyReview(Comment $comment, string $label): void
    {
        if ($comment->isDecidedByPerson() || self::confirms($comment, $label) || !\in_array($label, self::LABELS, true)) {
            return;
        }
        $this->comments->change($comment->id, [
            'state' => State::of($label)->value,
            'label' => $label,
            'decided_by' => 'person',
            'decided_at' => new \DateTimeImmutable(),
        ] + ($comment->hasOpenAppeal() ? ['appeal_answer' => $label === 'ok' ? 'granted' : 'denied'] : []));
    }

    public function appeal(Comment $comment, string $reason): bool
    {
        return $comment->mayAppeal() && $this->comments->change($comment->id, ['appeal' => $reason, 'appealed_at' => new \DateTimeImmutable()], ['appeal' => null]);
    }

    /** @return array{comments: int, labels: int} handed over anew */
    public function catchUp(int $olderThanSeconds = 60): array
    {
        $done = ['comments' => 0, 'labels' => 0];
        foreach ($this->comments->unanswered(new \DateTimeImmutable("-$olderThanSeconds seconds")) as $comment) {
            $done['comments'] += (int) $this->handOver($comment->id);
        }
        foreach ($this->comments->owingLabels() as $comment) {
            $done['labels'] += (int) $this->tell($comment->id);
        }

        return $done;
    }

    /** A blind check of what Understudy decided, and decided well: nothing changes. */
    private static function confirms(Comment $comment, string $label): bool
    {
        return $comment->decidedBy === 'understudy' && $comment->label === $label && !$comment->hasOpenAppeal();
    }

    private function tell(int $id): bool
    {
        try {
            $this->bus->dispatch(new SendLabel($id));

            return true;
        } catch (\Throwable $failure) {
            $this->logger->warning('The label of comment {id} waits: {message}', ['id' => $id, 'message' => $failure->getMessage(), 'exception' => $failure]);

            return false;
        }
    }
}
