<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use PHPUnit\Framework\TestCase;
use Symfony\Component\Config\Definition\Processor;
use Symfony\Bundle\FrameworkBundle\DependencyInjection\Configuration as FrameworkConfiguration;
use Symfony\Component\Yaml\Yaml;
use Understudy\SymfonyBundle\DependencyInjection\Configuration;

/** What the README tells people to paste is valid. */
final class ReadmeTest extends TestCase
{
    public function testItsConfigurationIsAccepted(): void
    {
        $seen = [];
        foreach ($this->blocks('yaml') as $block) {
            $config = Yaml::parse(str_replace("'%kernel.debug%'", 'true', $block));
            $name = (string) array_key_first($config);
            if (isset($config[$name]['webhook']['routing']) && !class_exists(\Symfony\Component\RemoteEvent\RemoteEvent::class)) {
                continue; // symfony/webhook is not in 5.4
            }
            match (true) {
                isset($config[$name]['resource']) => self::assertFileExists(str_replace('@UnderstudyBundle', \dirname(__DIR__), $config[$name]['resource'])),
                $name === 'understudy' => self::assertNotSame([], (new Processor())->processConfiguration(new Configuration(), [$config[$name]])['clients']),
                $name === 'framework' => self::assertNotSame([], (new Processor())->processConfiguration(new FrameworkConfiguration(false), [$config[$name]])),
                $name === 'services' => self::assertTrue(class_exists(current($config[$name])['class'])),
                default => self::fail($name),
            };
            $seen[] = $name;
        }
        self::assertContains('framework', $seen);
        self::assertGreaterThanOrEqual(3, \count(array_keys($seen, 'understudy', true)));
    }

    public function testItsCommandsExist(): void
    {
        preg_match_all('/understudy:[a-z:]+[a-z]/', (string) file_get_contents(__DIR__ . '/../README.md'), $named);
        $sources = implode('', array_map('file_get_contents', glob(__DIR__ . '/../src/Command/*.php') ?: []));
        foreach (array_unique($named[0]) as $command) {
            self::assertStringContainsString("'$command'", $sources);
        }
        preg_match_all('/--([a-z-]+)/', (string) file_get_contents(__DIR__ . '/../README.md'), $options);
        foreach (array_unique($options[1]) as $option) {
            self::assertStringContainsString("'$option'", $sources);
        }
    }

    public function testItsPhpIsPhp(): void
    {
        foreach ($this->blocks('php') as $block) {
            $code = preg_match('/^#\[(ORM|Moderated|AsMessage|AsRemote)/', $block) === 1 && !str_contains($block, 'class ') ? "class X { $block }" : $block;
            self::assertNotSame([], token_get_all("<?php\n" . $code, \TOKEN_PARSE));
        }
    }

    /** @return list<string> */
    private function blocks(string $language): array
    {
        preg_match_all('/^```' . $language . '\n(.*?)^```$/ms', (string) file_get_contents(__DIR__ . '/../README.md'), $blocks);
        self::assertNotSame([], $blocks[1]);

        return $blocks[1];
    }
}
