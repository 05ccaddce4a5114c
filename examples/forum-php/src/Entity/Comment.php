<?php

declare(strict_types=1);

namespace App\Entity;

final class Comment
{
    /** @param array<string, mixed> $row of the table, with `author` and `thread_title` */
    public function __construct(private readonly array $row)
    {
        $this->id = (int) $row['id'];
        $this->threadId = (int) $row['thread_id'];
        $this->threadTitle = (string) $row['thread_title'];
        $this->authorId = (int) $row['author_id'];
        $this->author = (string) $row['author'];
        $this->body = (string) $row['body'];
        $this->createdAt = new \DateTimeImmutable((string) $row['created_at']);
        $this->state = State::from($row['state']);
        $this->label = $row['label'];
        $this->decidedBy = $row['decided_by'];
        $this->moderatorId = $row['moderator_id'] === null ? null : (int) $row['moderator_id'];
        $this->decision = $row['decision'];
        $this->suggestion = $row['suggestion'];
        $this->confidence = $row['confidence'] === null ? null : (float) $row['confidence'];
        $this->sentiment = $row['sentiment'];
        $this->sentimentSure = (bool) $row['sentiment_sure'];
        $this->appeal = $row['appeal'];
        $this->appealAnswer = $row['appeal_answer'];
    }

    public readonly int $id;
    public readonly int $threadId;
    public readonly string $threadTitle;
    public readonly int $authorId;
    public readonly string $author;
    public readonly string $body;
    public readonly \DateTimeImmutable $createdAt;
    public readonly State $state;
    public readonly ?string $label;
    /** `understudy` or `person` */
    public readonly ?string $decidedBy;
    public readonly ?int $moderatorId;
    /** Understudy's id of its decision */
    public readonly ?string $decision;
    public readonly ?string $suggestion;
    public readonly ?float $confidence;
    public readonly ?string $sentiment;
    public readonly bool $sentimentSure;
    public readonly ?string $appeal;
    /** `granted` or `denied`; null while nobody has answered */
    public readonly ?string $appealAnswer;

    public function isVisible(): bool
    {
        return $this->state === State::Visible;
    }

    public function isDecidedByPerson(): bool
    {
        return $this->decidedBy === 'person';
    }

    public function hasOpenAppeal(): bool
    {
        return $this->appeal !== null && $this->appealAnswer === null;
    }

    public function mayAppeal(): bool
    {
        return $this->state === State::Hidden && $this->appeal === null;
    }

    public function owesLabel(): bool
    {
        return (bool) $this->row['label_owed'];
    }
}
