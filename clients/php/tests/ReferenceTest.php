<?php

declare(strict_types=1);

namespace Understudy\Client\Tests;

use PHPUnit\Framework\TestCase;
use Understudy\Client\Understudy;

/** REFERENCE.md and src/Request are what would be written now, and the README names what there is. */
final class ReferenceTest extends TestCase
{
    /** @dataProvider scripts */
    #[\PHPUnit\Framework\Attributes\DataProvider('scripts')]
    public function testWhatIsWrittenIsNotStale(string $script): void
    {
        $process = proc_open(
            [\PHP_BINARY, '-d', 'include_path=' . get_include_path(), \dirname(__DIR__) . "/scripts/$script", '--check'],
            [['file', '/dev/null', 'r'], ['pipe', 'w'], ['pipe', 'w']],
            $pipes,
        );
        self::assertIsResource($process);
        $printed = stream_get_contents($pipes[1]) . stream_get_contents($pipes[2]);
        self::assertSame(0, proc_close($process), $printed);
    }

    /** @return iterable<string, array{string}> */
    public static function scripts(): iterable
    {
        yield 'reference' => ['reference.php'];
        yield 'requests' => ['generate_requests.php'];
    }

    public function testItHasEveryMethodOfEveryResource(): void
    {
        $page = (string) file_get_contents(\dirname(__DIR__) . '/REFERENCE.md');
        foreach ((new \ReflectionClass(Understudy::class))->getMethods() as $accessor) {
            $class = (string) $accessor->getReturnType();
            if (!str_contains($class, '\\Resource\\')) {
                continue;
            }
            self::assertStringContainsString("## \$understudy->$accessor->name()\n", $page);
            foreach ((new \ReflectionClass($class))->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
                if ($method->getDeclaringClass()->name === $class) {
                    self::assertStringContainsString("- `$method->name(", $page);
                    self::assertStringContainsString('@throws', (string) $method->getDocComment(), "$class::$method->name");
                }
            }
        }
    }
}
