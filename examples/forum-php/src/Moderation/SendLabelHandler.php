<?php

declare(strict_types=1);

namespace App\Moderation;

use App\Database\Comments;
use Symfony\Component\Messenger\Attribute\AsMessageHandler;
use Symfony\Component\Messenger\Exception\RecoverableMessageHandlingException;
use Symfony\Component\Messenger\Exception\UnrecoverableMessageHandlingException;
use Understudy\Client\CallOptions;
use Understudy\Client\Exception\InvalidRequest;
use Understudy\Client\Exception\NotFound;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Understudy;

/** What people decide is what Understudy learns from. */
#[AsMessageHandler]
final class SendLabelHandler
{
    public function __construct(private readonly Understudy $understudy, private readonly Comments $comments)
    {
    }

    public function __invoke(SendLabel $message): void
    {
        $comment = $this->comments->find($message->comment);
        if ($comment === null || $comment->decision === null || $comment->label === null || !$comment->owesLabel()) {
            return; // Without a decision yet it is sent when that comes.
        }
        try {
            $this->understudy->decisions()->label(
                $comment->decision,
                $comment->label,
                'application',
                $comment->appealAnswer === null ? null : 'after an appeal of the author',
                // A number of ours, not a name: with it, agreeing with the machine counts as looking at it.
                'moderator-' . $comment->moderatorId,
                new CallOptions(idempotencyKey: sprintf('label-%d-%s-%s', $comment->id, $comment->label, $comment->appealAnswer ?? 'first')),
            );
        } catch (NotFound | InvalidRequest $never) {
            throw new UnrecoverableMessageHandlingException($never->getMessage(), 0, $never); // to the failure transport
        } catch (UnderstudyException $away) {
            throw new RecoverableMessageHandlingException($away->getMessage(), 0, $away);
        }
        $this->comments->change($comment->id, ['label_owed' => false]);
    }
}
