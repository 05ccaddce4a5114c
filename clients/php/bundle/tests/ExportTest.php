<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use Doctrine\DBAL\DriverManager;
use PHPUnit\Framework\TestCase;
use Understudy\SymfonyBundle\Export\Connections;
use Understudy\SymfonyBundle\Export\LabelledRows;

final class ExportTest extends TestCase
{
    public function testMemoryDoesNotGrowWithTheTable(): void
    {
        $database = new \PDO('sqlite::memory:');
        self::fill($database, 60_000);
        $access = Connections::ofPdo($database);
        $rows = new LabelledRows($access['query'], $access['quote'], 'comments', 'body', 'status', 'id', page: 1000);
        $after = [];
        foreach ($rows->examples() as $i => $example) {
            if (($i + 1) % 20_000 === 0) {
                $after[] = memory_get_usage();
            }
        }

        self::assertSame(60_000, $rows->read);
        self::assertLessThan(512 * 1024, max($after) - $after[0]);
    }

    public function testDbalAndPdoGiveTheSame(): void
    {
        $connection = DriverManager::getConnection(['driver' => 'pdo_sqlite', 'memory' => true]);
        $pdo = $connection->getNativeConnection();
        \assert($pdo instanceof \PDO);
        self::fill($pdo, 25);
        $read = static fn (array $access): array => iterator_to_array((new LabelledRows($access['query'], $access['quote'], 'comments', 'body', 'status', 'id', where: 'id > 3', page: 7))->examples(), false);
        $byDbal = $read(Connections::ofDbal($connection));

        self::assertCount(22, $byDbal);
        self::assertSame(['input' => ['text' => 'comment 4'], 'label' => 'ok', 'external_id' => '4'], $byDbal[0]);
        self::assertSame($byDbal, $read(Connections::ofPdo($pdo)));
    }

    public function testRowsThatAreAddedMeanwhileAreTakenAlongAndNoneTwice(): void
    {
        $database = new \PDO('sqlite::memory:');
        self::fill($database, 10);
        $access = Connections::ofPdo($database);
        $ids = [];
        foreach ((new LabelledRows($access['query'], $access['quote'], 'comments', 'body', 'status', 'id', page: 5))->examples() as $example) {
            $ids[] = (int) $example['external_id'];
            if ($example['external_id'] === '3') {
                $database->exec("INSERT INTO comments VALUES (11, 'new', 'ok')");
                $database->exec('DELETE FROM comments WHERE id IN (1, 8)');
            }
        }

        self::assertSame([1, 2, 3, 4, 5, 6, 7, 9, 10, 11], $ids);
    }

    public function testAnUnknownColumnIsNoText(): void
    {
        $database = new \PDO('sqlite::memory:');
        self::fill($database, 1);
        $access = Connections::ofPdo($database);
        $this->expectException(\PDOException::class);
        iterator_to_array((new LabelledRows($access['query'], $access['quote'], 'comments', 'nothing', 'status', 'id'))->examples());
    }

    private static function fill(\PDO $database, int $rows): void
    {
        $database->setAttribute(\PDO::ATTR_ERRMODE, \PDO::ERRMODE_EXCEPTION);
        $database->exec('CREATE TABLE comments (id INTEGER PRIMARY KEY, body TEXT, status TEXT)');
        $database->beginTransaction();
        $insert = $database->prepare("INSERT INTO comments VALUES (?, ?, 'ok')");
        for ($id = 1; $id <= $rows; ++$id) {
            $insert->execute([$id, "comment $id"]);
        }
        $database->commit();
    }
}
