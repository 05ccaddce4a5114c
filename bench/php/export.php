<?php

/**
 * The bundle's export from a table of comments.
 * usage: export.php fill file rows            makes an SQLite file
 *        export.php run file pdo|dbal         exports it; prints JSON: seconds, CPU seconds, peak memory in bytes
 */

declare(strict_types=1);

use Doctrine\DBAL\DriverManager;
use Doctrine\Persistence\ConnectionRegistry;
use Symfony\Component\Console\Tester\CommandTester;
use Understudy\Bench\Kernel;
use Understudy\SymfonyBundle\Command\ExportCommand;

require __DIR__ . '/autoload.php';
[, $what, $file, $how] = $argv;

if ($what === 'fill') {
    $pdo = new PDO('sqlite:' . $file);
    $pdo->exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY');
    $pdo->exec('CREATE TABLE comments (id INTEGER PRIMARY KEY, body TEXT, status TEXT, author TEXT, created_at TEXT)');
    $pdo->exec("INSERT INTO comments WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $how)"
        . " SELECT i, 'a comment of some eighty characters, as they are written under articles, number ' || i,"
        . " CASE i % 3 WHEN 0 THEN 'rejected' ELSE 'approved' END, 'user-' || (i % 1000),"
        . " strftime('%Y-%m-%d %H:%M:%S', 1767225600 + i, 'unixepoch') FROM n");
    exit;
}

$kernel = new Kernel('with', false);
$kernel->boot();
$registry = null;
if ($how === 'dbal') {
    $connection = DriverManager::getConnection(['driver' => 'pdo_sqlite', 'path' => $file]);
    $registry = new class ($connection) implements ConnectionRegistry {
        public function __construct(private readonly object $connection)
        {
        }

        public function getDefaultConnectionName(): string
        {
            return 'default';
        }

        public function getConnection(?string $name = null): object
        {
            return $this->connection;
        }

        public function getConnections(): array
        {
            return ['default' => $this->connection];
        }

        public function getConnectionNames(): array
        {
            return ['default' => 'default'];
        }
    };
}
$command = new CommandTester(new ExportCommand($kernel->getContainer()->get('bench.clients'), $registry));
$startedAt = hrtime(true);
$status = $command->execute([
    'task' => 'comment-moderation', 'table' => 'comments', '--map' => ['approved=ok', 'rejected=spam'],
    '--subject' => 'author', '--occurred-at' => 'created_at',
] + ($how === 'pdo' ? ['--dsn' => 'sqlite:' . $file] : []));
$seconds = (hrtime(true) - $startedAt) / 1e9;
if ($status !== 0) {
    fwrite(STDERR, $command->getDisplay());
    exit(1);
}
$usage = getrusage();
preg_match('/^VmHWM:\s+(\d+) kB/m', (string) @file_get_contents('/proc/self/status'), $resident);
echo json_encode([
    'seconds' => $seconds,
    'cpu' => $usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec'] + ($usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']) / 1e6,
    'peak' => memory_get_peak_usage(true),
    'resident' => isset($resident[1]) ? 1024 * (int) $resident[1] : null,
], JSON_THROW_ON_ERROR), "\n";
