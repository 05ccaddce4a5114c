<?php

declare(strict_types=1);

namespace App\Database;

use Doctrine\DBAL\Configuration;
use Doctrine\DBAL\Connection;
use Doctrine\DBAL\DriverManager;
use Doctrine\DBAL\Platforms\SQLitePlatform;
use Doctrine\DBAL\Tools\DsnParser;

/** The forum's database: SQLite, or PostgreSQL by DATABASE_URL. */
final class Database
{
    public function __construct(#[\SensitiveParameter] private readonly string $url)
    {
    }

    public function connection(): Connection
    {
        $parameters = (new DsnParser(['postgres' => 'pdo_pgsql', 'postgresql' => 'pdo_pgsql', 'pgsql' => 'pdo_pgsql', 'sqlite' => 'pdo_sqlite', 'sqlite3' => 'pdo_sqlite']))->parse($this->url);
        $configuration = (new Configuration())->setMiddlewares([new WaitingTransactions()]);
        if (isset($parameters['path']) && !is_dir(\dirname($parameters['path']))) {
            mkdir(\dirname($parameters['path']), 0o700, true);
        }
        $connection = DriverManager::getConnection($parameters, $configuration);
        if ($connection->getDatabasePlatform() instanceof SQLitePlatform) {
            foreach (['busy_timeout = 10000', 'journal_mode = WAL', 'synchronous = NORMAL', 'foreign_keys = ON'] as $setting) {
                $connection->executeStatement('PRAGMA ' . $setting);
            }
        }

        return $connection;
    }
}
