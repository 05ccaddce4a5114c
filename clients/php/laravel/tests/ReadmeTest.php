<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use Illuminate\Contracts\Console\Kernel;

/** What the README tells people to paste is PHP, names what there is, and its configuration is accepted. */
final class ReadmeTest extends LaravelTestCase
{
    public function testItsPhpIsPhpAndItsClassesExist(): void
    {
        foreach ($this->blocks('php') as $block) {
            self::assertNotSame([], token_get_all("<?php\n" . $block, \TOKEN_PARSE));
            preg_match_all('/^use ([\w\\\\]+);/m', $block, $used);
            foreach ($used[1] as $class) {
                self::assertTrue(class_exists($class), $class);
            }
        }
        preg_match_all('/\\\\?(Understudy\\\\[A-Za-z\\\\]+)/', (string) file_get_contents(__DIR__ . '/../README.md'), $named);
        foreach (array_unique($named[1]) as $class) {
            $file = str_replace(['Understudy\\Laravel\\', 'Understudy\\Client\\', '\\'], [__DIR__ . '/../src/', __DIR__ . '/../../src/', '/'], $class) . '.php';
            self::assertFileExists($file, $class);
        }
    }

    public function testItsConfigurationIsAccepted(): void
    {
        $block = current(array_filter($this->blocks('php'), static fn (string $block): bool => str_starts_with($block, 'return [')));
        self::assertIsString($block);
        $_ENV['UNDERSTUDY_URL'] = 'http://127.0.0.1:1';
        $this->app->make('config')->set('cache.stores.redis', ['driver' => 'array']);
        $config = eval($block);
        $factory = $this->get(\Understudy\Laravel\ConnectionFactory::class);
        self::assertArrayHasKey($config['default'], $config['connections']);
        foreach ($config['connections'] as $name => $connection) {
            self::assertInstanceOf(\Understudy\Client\Understudy::class, $factory->make($name, ['base_uri' => $connection['base_uri'] ?? 'http://127.0.0.1:1'] + $connection));
        }
    }

    public function testItsCommandsExist(): void
    {
        $commands = $this->app->make(Kernel::class)->all();
        $readme = (string) file_get_contents(__DIR__ . '/../README.md');
        preg_match_all('/understudy:[a-z:]+[a-z]/', $readme, $named);
        self::assertNotSame([], $named[0]);
        $options = '';
        foreach (array_unique($named[0]) as $command) {
            self::assertArrayHasKey($command, $commands);
            $options .= implode(' ', array_keys($commands[$command]->getDefinition()->getOptions())) . ' ';
        }
        preg_match_all('/--([a-z][a-z-]*)/', (string) preg_replace('/--tag=\S+/', '', $readme), $used);
        foreach (array_unique($used[1]) as $option) {
            self::assertStringContainsString($option . ' ', $options);
        }
    }

    public function testItsTableOfVersionsIsTrue(): void
    {
        $major = explode('.', $this->app->version())[0];
        self::assertMatchesRegularExpression('/\| ' . $major . '\.\d+\.\d+ \|/', (string) file_get_contents(__DIR__ . '/../README.md'));
    }

    /** @return list<string> */
    private function blocks(string $language): array
    {
        preg_match_all('/^```' . $language . '\n(.*?)^```$/ms', (string) file_get_contents(__DIR__ . '/../README.md'), $blocks);
        self::assertNotSame([], $blocks[1]);

        return $blocks[1];
    }
}
