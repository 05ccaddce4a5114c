<?php

declare(strict_types=1);

namespace App\Database;

use Doctrine\DBAL\Connection;
use Doctrine\Persistence\ConnectionRegistry;

/** One connection under the name that Messenger and `understudy:export` ask for. DoctrineBundle has a larger one. */
final class Registry implements ConnectionRegistry
{
    public function __construct(private readonly Connection $connection)
    {
    }

    public function getDefaultConnectionName(): string
    {
        return 'default';
    }

    public function getConnection(?string $name = null): Connection
    {
        if ($name !== null && $name !== 'default') {
            throw new \InvalidArgumentException(sprintf('There is no connection "%s".', $name));
        }

        return $this->connection;
    }

    /** @return array<string, Connection> */
    public function getConnections(): array
    {
        return ['default' => $this->connection];
    }

    /** @return array<string, string> */
    public function getConnectionNames(): array
    {
        return ['default' => Connection::class];
    }
}
