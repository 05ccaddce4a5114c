<?php

declare(strict_types=1);

namespace App\Database;

use Doctrine\DBAL\Connection;

final class Threads
{
    private const SELECT = "SELECT t.*, m.name AS author,
        (SELECT COUNT(*) FROM comment c WHERE c.thread_id = t.id AND c.state = 'visible') AS comments,
        COALESCE((SELECT MAX(c.created_at) FROM comment c WHERE c.thread_id = t.id AND c.state = 'visible'), t.created_at) AS active_at
        FROM thread t JOIN member m ON m.id = t.author_id";

    public function __construct(private readonly Connection $connection)
    {
    }

    public function add(string $title, string $body, int $author, ?\DateTimeImmutable $at = null): int
    {
        $this->connection->insert('thread', ['title' => $title, 'body' => $body, 'author_id' => $author, 'created_at' => $at ?? new \DateTimeImmutable()], ['created_at' => 'datetime_immutable']);

        return (int) $this->connection->lastInsertId();
    }

    /** @return list<array<string, mixed>> last active first */
    public function all(): array
    {
        return $this->connection->fetchAllAssociative(self::SELECT . ' ORDER BY active_at DESC, t.id DESC');
    }

    /** @return array<string, mixed>|null */
    public function find(int $id): ?array
    {
        return $this->connection->fetchAssociative(self::SELECT . ' WHERE t.id = ?', [$id]) ?: null;
    }
}
