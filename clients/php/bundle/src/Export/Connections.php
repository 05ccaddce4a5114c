<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Export;

use Doctrine\DBAL\Connection;
use Doctrine\DBAL\Platforms\AbstractMySQLPlatform;
use Doctrine\DBAL\Platforms\OraclePlatform;
use Doctrine\DBAL\Platforms\SqlitePlatform;
use Doctrine\DBAL\Platforms\SQLServerPlatform;

/**
 * A query and a quoting function for each kind of connection.
 *
 * @phpstan-type Access array{query: \Closure(string, list<mixed>): iterable<array<string, mixed>>, quote: \Closure(string): string}
 */
final class Connections
{
    /** @return Access */
    public static function ofDbal(Connection $connection): array
    {
        $platform = $connection->getDatabasePlatform();
        if ($platform instanceof SQLServerPlatform || $platform instanceof OraclePlatform) {
            throw new \InvalidArgumentException('Tables of SQL Server and Oracle are not exported: they have no LIMIT.');
        }

        return [
            'query' => static fn (string $sql, array $parameters): iterable => $connection->executeQuery($sql, $parameters)->iterateAssociative(),
            'quote' => self::quote($platform instanceof AbstractMySQLPlatform || $platform instanceof SqlitePlatform ? '`' : '"'),
        ];
    }

    /** @return Access */
    public static function ofPdo(\PDO $connection): array
    {
        $connection->setAttribute(\PDO::ATTR_ERRMODE, \PDO::ERRMODE_EXCEPTION);
        $driver = $connection->getAttribute(\PDO::ATTR_DRIVER_NAME);
        if (!\in_array($driver, ['sqlite', 'pgsql', 'mysql'], true)) {
            throw new \InvalidArgumentException(sprintf('Tables of "%s" are not exported: sqlite, pgsql and mysql are.', $driver));
        }

        return [
            'query' => static function (string $sql, array $parameters) use ($connection): iterable {
                $statement = $connection->prepare($sql);
                $statement->execute($parameters);
                while (\is_array($row = $statement->fetch(\PDO::FETCH_ASSOC))) {
                    yield $row;
                }
            },
            'quote' => self::quote($driver === 'pgsql' ? '"' : '`'),
        ];
    }

    /**
     * SQLite takes an unknown name in double quotes for a text, and would export it: there it is backticks.
     *
     * @return \Closure(string): string of names that LabelledRows has checked
     */
    private static function quote(string $mark): \Closure
    {
        return static fn (string $name): string => $mark . $name . $mark;
    }
}
