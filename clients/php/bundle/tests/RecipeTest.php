<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use PHPUnit\Framework\TestCase;
use Symfony\Component\Config\Definition\Processor;
use Symfony\Component\Config\FileLocator;
use Symfony\Component\Routing\Loader\PhpFileLoader;
use Symfony\Component\Yaml\Yaml;
use Understudy\SymfonyBundle\DependencyInjection\Configuration;

/** What Flex would copy is what the bundle understands. */
final class RecipeTest extends TestCase
{
    private const RECIPE = __DIR__ . '/../recipe/1.0';

    public function testItsConfigurationIsValid(): void
    {
        $manifest = json_decode((string) file_get_contents(self::RECIPE . '/manifest.json'), true, 64, \JSON_THROW_ON_ERROR);
        self::assertTrue(class_exists((string) array_key_first($manifest['bundles'])));
        $config = Yaml::parseFile(self::RECIPE . '/config/packages/understudy.yaml');
        $processed = (new Processor())->processConfiguration(new Configuration(), [$config['understudy']]);
        self::assertSame('%env(UNDERSTUDY_URL)%', $processed['clients']['default']['base_uri']);
        preg_match_all('/%env\((\w+)\)%/', (string) file_get_contents(self::RECIPE . '/config/packages/understudy.yaml'), $variables);
        self::assertSame(array_keys($manifest['env']), $variables[1]);
    }

    public function testItsRouteIsTheBundles(): void
    {
        $routes = Yaml::parseFile(self::RECIPE . '/config/routes/understudy.yaml');
        $file = str_replace('@UnderstudyBundle/', '', $routes['understudy']['resource']);
        $loaded = (new PhpFileLoader(new FileLocator(\dirname(__DIR__))))->load($file);

        self::assertSame('/understudy/webhook', $loaded->get('understudy_webhook')?->getPath());
    }
}
