<?php

declare(strict_types=1);

namespace App\Database;

use App\Entity\Comment;
use App\Entity\State;
use Doctrine\DBAL\Connection;

final class Comments
{
    private const SELECT = 'SELECT c.*, m.name AS author, t.title AS thread_title FROM comment c JOIN member m ON m.id = c.author_id JOIN thread t ON t.id = c.thread_id';

    public function __construct(private readonly Connection $connection)
    {
    }

    public function add(int $thread, int $author, string $body, ?\DateTimeImmutable $at = null): int
    {
        $this->connection->insert('comment', [
            'thread_id' => $thread,
            'author_id' => $author,
            'body' => $body,
            'created_at' => $at ?? new \DateTimeImmutable(),
            'state' => State::Checking->value,
        ], ['created_at' => 'datetime_immutable']);

        return (int) $this->connection->lastInsertId();
    }

    public function find(int $id): ?Comment
    {
        return $this->select('WHERE c.id = ?', [$id])[0] ?? null;
    }

    /** @param string $decision Understudy's id */
    public function ofDecision(string $decision): ?Comment
    {
        return $this->select('WHERE c.decision = ?', [$decision])[0] ?? null;
    }

    /** @return list<Comment> oldest first */
    public function ofThread(int $thread): array
    {
        return $this->select('WHERE c.thread_id = ? ORDER BY c.created_at, c.id', [$thread]);
    }

    public function countOfThread(int $thread): int
    {
        return (int) $this->connection->fetchOne('SELECT COUNT(*) FROM comment WHERE thread_id = ?', [$thread]);
    }

    /** @return list<Comment> what a moderator has to decide: appeals first, then by age */
    public function waiting(int $limit = 50): array
    {
        return $this->select("WHERE c.state IN ('queued', 'checking') OR (c.appeal IS NOT NULL AND c.appeal_answer IS NULL) ORDER BY CASE WHEN c.appeal IS NULL THEN 1 ELSE 0 END, c.created_at, c.id LIMIT " . $limit, []);
    }

    /** @return list<Comment> newest first */
    public function decidedByUnderstudy(int $limit = 30): array
    {
        return $this->select("WHERE c.decided_by = 'understudy' ORDER BY c.decided_at DESC, c.id DESC LIMIT " . $limit, []);
    }

    /** @return list<Comment> that Understudy has not answered in full */
    public function unanswered(\DateTimeImmutable $before, int $limit = 500): array
    {
        $true = $this->connection->getDatabasePlatform()->convertBooleans(true);

        return $this->select("WHERE (c.state = 'checking' OR (c.label_owed = $true AND c.decision IS NULL AND c.created_at <= ?) OR (c.decision IS NOT NULL AND c.sentiment IS NULL)) AND c.created_at <= ? ORDER BY c.id LIMIT $limit", [
            // A moderator was faster: what still waits in the transport is not to be decided twice.
            (new \DateTimeImmutable('-10 minutes'))->format('Y-m-d H:i:s'),
            $before->format('Y-m-d H:i:s'),
        ]);
    }

    /** @return list<Comment> whose label Understudy has not heard of */
    public function owingLabels(int $limit = 500): array
    {
        return $this->select('WHERE c.label_owed = ' . $this->connection->getDatabasePlatform()->convertBooleans(true) . ' AND c.decision IS NOT NULL ORDER BY c.id LIMIT ' . $limit, []);
    }

    /**
     * Changes the comment, unless it is not as `$expected` any more: then nothing happens.
     *
     * @param array<string, mixed> $changes
     * @param array<string, mixed> $expected
     */
    public function change(int $id, array $changes, array $expected = []): bool
    {
        $types = ['decided_at' => 'datetime_immutable', 'appealed_at' => 'datetime_immutable', 'sentiment_sure' => 'boolean', 'label_owed' => 'boolean'];

        return $this->connection->update('comment', $changes, ['id' => $id] + $expected, $types) > 0;
    }

    /** @return array{total: int, understudy: int, person: int, open: int, appeals: int} all; or those since `$since` that Understudy has seen */
    public function counts(?\DateTimeImmutable $since = null): array
    {
        $row = $this->connection->fetchAssociative(
            "SELECT COUNT(*) AS total,
                COALESCE(SUM(CASE WHEN decided_by = 'understudy' THEN 1 ELSE 0 END), 0) AS understudy,
                COALESCE(SUM(CASE WHEN decided_by = 'person' THEN 1 ELSE 0 END), 0) AS person,
                COALESCE(SUM(CASE WHEN state IN ('queued', 'checking') THEN 1 ELSE 0 END), 0) AS open,
                COALESCE(SUM(CASE WHEN appeal IS NOT NULL AND appeal_answer IS NULL THEN 1 ELSE 0 END), 0) AS appeals
            FROM comment" . ($since === null ? '' : ' WHERE decision IS NOT NULL AND created_at >= ?'),
            $since === null ? [] : [$since->format('Y-m-d H:i:s')],
        );
        \assert($row !== false);

        return array_map(intval(...), $row);
    }

    /**
     * @param list<mixed> $parameters
     *
     * @return list<Comment>
     */
    private function select(string $where, array $parameters): array
    {
        return array_map(static fn (array $row): Comment => new Comment($row), $this->connection->fetchAllAssociative(self::SELECT . ' ' . $where, $parameters));
    }
}
