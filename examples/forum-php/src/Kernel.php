<?php

declare(strict_types=1);

namespace App;

use Symfony\Bundle\FrameworkBundle\Kernel\MicroKernelTrait;
use Symfony\Component\HttpKernel\Kernel as BaseKernel;
use Symfony\Component\Routing\Loader\Configurator\RoutingConfigurator;

final class Kernel extends BaseKernel
{
    use MicroKernelTrait;

    public function getProjectDir(): string
    {
        return \dirname(__DIR__);
    }

    /** Where database, cache, log and sessions are. */
    public static function dataDir(): string
    {
        return getenv('FORUM_DATA_DIR') ?: \dirname(__DIR__) . '/var';
    }

    public function getCacheDir(): string
    {
        return sprintf('%s/cache/%s-%s', self::dataDir(), $this->environment, self::VERSION);
    }

    public function getBuildDir(): string
    {
        return $this->getCacheDir();
    }

    public function getLogDir(): string
    {
        return self::dataDir();
    }

    protected function getKernelParameters(): array
    {
        return parent::getKernelParameters() + ['forum.data_dir' => self::dataDir()];
    }

    protected function configureRoutes(RoutingConfigurator $routes): void
    {
        $routes->import($this->getProjectDir() . '/config/routes.yaml');
        if ($this->environment === 'dev') {
            $extension = self::MAJOR_VERSION < 7 ? 'xml' : 'php';
            $routes->import('@WebProfilerBundle/Resources/config/routing/wdt.' . $extension)->prefix('/_wdt');
            $routes->import('@WebProfilerBundle/Resources/config/routing/profiler.' . $extension)->prefix('/_profiler');
        }
    }
}
